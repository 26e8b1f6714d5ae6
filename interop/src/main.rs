//! `interop`: runs all checks; with `--write FILE`, writes the page about them.

use std::env;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use interop::{Failure, Maker, Outcome};

const USAGE: &str = "\
interop [--write FILE]    run all checks, and write the page about them
interop --peer WHOSE      have sockets of ferromq or libzmq, and do what is said on
                          standard input";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("interop: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    interop::set_executable(env::current_exe()?);
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["--peer", whose] => interop::serve(Maker::from_name(whose)?),
        [] => interop::all_well(&interop::run_and_tell(&interop::all())),
        ["--write", file] => {
            let verdicts = interop::run_and_tell(&interop::all());
            if let Some(folder) = Path::new(file).parent() {
                fs::create_dir_all(folder)?;
            }
            // Also of what has failed.
            fs::write(file, interop::page(&verdicts)?)?;
            interop::all_well(&verdicts)
        }
        _ => Err(Failure::new(USAGE)),
    }
}
