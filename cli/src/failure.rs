//! Why the command ends before it is done, and with which exit code.

use std::fmt;
use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use ferromq::{End, LinkError, OptionError, RecvError, SendFailure, TransportError};

use crate::duration::Show;

/// Why the command ends before it is done.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    /// The arguments are fine one by one, but not together.
    Usage(&'static str),
    /// An endpoint cannot be bound or connected to.
    Link(Arc<LinkError>),
    /// An endpoint that no other process can reach.
    Inproc(String),
    /// Connecting to an endpoint can never succeed.
    Unreachable(Arc<TransportError>),
    /// Who listens at an endpoint is no peer for this socket.
    NoPeer(String, End),
    /// Something did not happen in time, for a reason that may be known.
    TimedOut(&'static str, Duration, Option<String>),
    /// The socket refused a message.
    Send(SendFailure),
    /// The socket refused to receive.
    Receive(RecvError),
    /// The socket refused an option.
    Option(OptionError),
    /// A line of the input is no message.
    Input(u64, String),
    /// A message among the arguments is none.
    Argument(String, String),
    /// The input cannot be read.
    Stdin(Arc<io::Error>),
    /// The output cannot be written.
    Stdout(Arc<io::Error>),
    /// Nobody reads the output any more.
    NoReader,
    /// A command that was to answer a request did not.
    Answer(String, String),
    /// So many messages went to routing ids that no peer had.
    Unroutable(u64),
    /// The other process of a benchmark or a demonstration did not do its part.
    Companion(String),
    /// The demonstration found messages lost, or not as they were sent.
    Incomplete(String),
    /// A signal of that number asked the command to end.
    Signal(u8),
}

impl Failure {
    /// The exit code: 2 for what was wrong before anything was done, 128 and the
    /// number for a signal, as in a shell.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::NoReader => ExitCode::SUCCESS,
            Self::Usage(_) | Self::Inproc(_) | Self::Argument(..) => ExitCode::from(2),
            Self::Link(error) if is_usage(error) => ExitCode::from(2),
            Self::Signal(number) => ExitCode::from(128 + number),
            _ => ExitCode::FAILURE,
        }
    }

    /// Whether there is nothing to be said about it.
    pub(crate) fn is_silent(&self) -> bool {
        matches!(self, Self::NoReader | Self::Signal(_))
    }
}

/// Whether the text of the endpoint is at fault.
fn is_usage(error: &LinkError) -> bool {
    matches!(
        error,
        LinkError::Endpoint(_) | LinkError::UnknownScheme { .. }
    )
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) => f.write_str(text),
            Self::Link(error) => error.fmt(f),
            Self::Inproc(endpoint) => write!(
                f,
                "{endpoint} is within one process, which has no other socket here: \
                 use tcp:// or ipc://"
            ),
            Self::Unreachable(error) => error.fmt(f),
            Self::NoPeer(endpoint, end) => {
                write!(f, "{endpoint} has no peer for this socket: {end}")
            }
            Self::TimedOut(what, after, None) => write!(f, "{what} within {}", Show(*after)),
            Self::TimedOut(what, after, Some(why)) => {
                write!(f, "{what} within {}: {why}", Show(*after))
            }
            Self::Send(error) => error.fmt(f),
            Self::Receive(error) => error.fmt(f),
            Self::Option(error) => error.fmt(f),
            Self::Input(line, reason) => write!(f, "line {line} of the input {reason}"),
            Self::Argument(text, reason) => write!(f, "the message \"{text}\" {reason}"),
            Self::Stdin(error) => write!(f, "the input cannot be read: {error}"),
            Self::Stdout(error) => write!(f, "the output cannot be written: {error}"),
            Self::NoReader => f.write_str("nobody reads the output any more"),
            Self::Answer(command, reason) => write!(f, "the command \"{command}\" {reason}"),
            Self::Unroutable(1) => f.write_str("one message was for a peer that is not there"),
            Self::Unroutable(count) => {
                write!(f, "{count} messages were for peers that are not there")
            }
            Self::Companion(reason) => write!(f, "the other process {reason}"),
            Self::Incomplete(reason) => f.write_str(reason),
            Self::Signal(number) => write!(f, "signal {number}"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<LinkError> for Failure {
    fn from(error: LinkError) -> Self {
        Self::Link(Arc::new(error))
    }
}

impl From<SendFailure> for Failure {
    fn from(error: SendFailure) -> Self {
        Self::Send(error)
    }
}

impl From<RecvError> for Failure {
    fn from(error: RecvError) -> Self {
        Self::Receive(error)
    }
}

impl From<OptionError> for Failure {
    fn from(error: OptionError) -> Self {
        Self::Option(error)
    }
}

/// Sorts an error of writing to the standard output.
pub(crate) fn of_stdout(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::NoReader,
        _ => Failure::Stdout(Arc::new(error)),
    }
}
