//! How a task ends when it does not end well.

use std::fmt;
use std::process::ExitCode;

/// What a task returns.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// Why a task stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something is wrong with the workspace, or with the machine.
    Failed(String),
    /// The task was asked for in a way it does not know.
    Usage(String),
    /// There is nothing for this task to do: its folder does not exist.
    Absent(&'static str),
}

impl Failure {
    /// A failure from anything that can be said.
    pub(crate) fn new(what: impl fmt::Display) -> Self {
        Self::Failed(what.to_string())
    }

    /// Success if there are no violations, else a failure that lists them.
    pub(crate) fn unless_empty(violations: &[String]) -> Outcome {
        match violations {
            [] => Ok(()),
            [one] => Err(Self::new(one)),
            many => Err(Self::Failed(format!(
                "{} violations:\n  {}",
                many.len(),
                many.join("\n  ")
            ))),
        }
    }

    /// 1 for a failure, 2 for a task that could not start.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Failed(_) => ExitCode::FAILURE,
            Self::Usage(_) | Self::Absent(_) => ExitCode::from(2),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(what) | Self::Usage(what) => f.write_str(what),
            Self::Absent(folder) => write!(f, "there is no folder {folder}, so nothing to run"),
        }
    }
}
