//! A child of this process, as C's `fork` makes it: with all memory and descriptors of
//! its parent, and none of its threads but one.

#![expect(unsafe_code, reason = "these are functions of the C library")]

use std::ffi::{c_int, c_uint};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::failure::{Failure, Outcome};

/// A child that takes longer, in seconds, has been caught by a lock that nobody holds.
const PATIENCE: c_uint = 60;

const SUCCESS: c_int = 0;
const FAILURE: c_int = 1;

unsafe extern "C" {
    fn fork() -> c_int;
    fn waitpid(child: c_int, status: *mut c_int, options: c_int) -> c_int;
    fn alarm(seconds: c_uint) -> c_uint;
    fn _exit(status: c_int) -> !;
}

/// Does something in a child, and waits for its end. What the child changes its parent
/// does not see.
///
/// # Errors
///
/// If it fails there.
pub(crate) fn in_child(run: impl FnOnce() -> Outcome) -> Outcome {
    // SAFETY: the child goes on with what `run` does, and ends here. That it may not do
    // what other threads were about is what is tried; the allocator survives a fork.
    let child = unsafe { fork() };
    match child {
        0 => end(run),
        child if child < 0 => Err(Failure::new("the process has no child")),
        child => {
            let mut status = 0;
            // SAFETY: `status` is there for as long as the call takes.
            let ended = unsafe { waitpid(child, &mut status, 0) };
            match (ended == child, status) {
                (true, SUCCESS) => Ok(()),
                _ => Err(Failure::new(format_args!(
                    "the child has ended with status {status:#x}; it says why"
                ))),
            }
        }
    }
}

/// What a child does, to its end: no destructor of its parent's runs.
fn end(run: impl FnOnce() -> Outcome) -> ! {
    // SAFETY: neither has conditions.
    unsafe { alarm(PATIENCE) };
    let outcome = catch_unwind(AssertUnwindSafe(run));
    let status = match outcome {
        Ok(Ok(())) => SUCCESS,
        Ok(Err(failure)) => {
            eprintln!("in a child: {failure}");
            FAILURE
        }
        Err(_) => FAILURE,
    };
    // SAFETY: it has no conditions.
    unsafe { _exit(status) }
}
