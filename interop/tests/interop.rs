//! All checks as tests: `cargo test -- WORD` runs those whose names contain a word.

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    interop::set_executable(env!("CARGO_BIN_EXE_interop"));
    let words: Vec<String> = env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let wanted = |check: &interop::Check| {
        let name = check.to_string();
        words.iter().all(|word| name.contains(word.as_str()))
    };
    let mut checks = interop::all();
    checks.retain(wanted);
    match interop::all_well(&interop::run_and_tell(&checks)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
