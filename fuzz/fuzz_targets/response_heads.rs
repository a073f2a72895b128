#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vetch_robustness::laws::response_heads::hold(bytes));
