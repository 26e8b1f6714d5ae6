//! Signals that ask the command to end.

use std::future::pending;
use std::time::Duration;

use ferromq::{DefaultContext, Defaults};
use tokio::time::timeout;

use crate::failure::Failure;
use crate::socket::output;

/// How long what is on its way may take after a signal, so that the command ends
/// within a second.
const LAST: Duration = Duration::from_millis(300);

/// Does the work, unless a signal comes first. Then what is queued still leaves,
/// in as far as it can do so at once; a second signal ends even that.
pub(crate) async fn guard<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let number = tokio::select! {
        biased;
        number = signal() => number,
        done = work => return done,
    };
    let context = DefaultContext::context();
    let leave = async {
        let _ = timeout(LAST, context.term()).await;
        output::settle(LAST);
    };
    tokio::select! {
        () = leave => {}
        _ = signal() => {}
    }
    Err(Failure::Signal(number))
}

/// Waits for a signal, and gives its number.
#[cfg(unix)]
async fn signal() -> u8 {
    use tokio::signal::unix::{SignalKind, signal};

    let of = |kind: SignalKind| async move {
        let came = match signal(kind) {
            Ok(mut signals) => signals.recv().await.is_some(),
            Err(_) => false,
        };
        if !came {
            // Then the signal does what it does to any process.
            pending().await
        }
    };
    tokio::select! {
        () = of(SignalKind::interrupt()) => 2,
        () = of(SignalKind::terminate()) => 15,
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
async fn signal() -> u8 {
    match tokio::signal::ctrl_c().await {
        Ok(()) => 2,
        Err(_) => pending().await,
    }
}
