//! The diagnosis of any response to any request: it ends, is short, and shows no secret.
#![no_main]

mod case;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| case::check(data));
