#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vetch_robustness::laws::cookies::hold(bytes));
