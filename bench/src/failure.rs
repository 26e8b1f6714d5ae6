//! What can go wrong in the harness itself, and what keeps a contestant from a result.

use std::fmt;
use std::io;

/// The first ends the run; the second is a row of the table.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line is not as it should be.
    Usage,
    /// A file or a process could not be had.
    Io(io::Error),
    /// A contestant has no result, and this is why.
    Unable(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage => write!(out, "usage:\n{}", crate::args::USAGE),
            Self::Io(failure) => failure.fmt(out),
            Self::Unable(why) => out.write_str(why),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(failure: io::Error) -> Self {
        Self::Io(failure)
    }
}
