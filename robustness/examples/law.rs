//! Runs one law for one file: `cargo run -p vetch-robustness --example law -- machine FILE`, to look at what the fuzzer found.

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (name, file) = (arguments.next(), arguments.next());
    let law = vetch_robustness::LAWS
        .iter()
        .find(|(law, _)| Some(*law) == name.as_deref());
    let bytes = std::fs::read(file.expect("a file")).expect("bytes");
    law.expect("a law").1(&bytes);
}
