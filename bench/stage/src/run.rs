//! Who drives the loops.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::workloads::Workload;
use crate::{Args, Contestant, Failure};

/// On a current-thread runtime of tokio.
pub fn on_tokio<F: Future>(part: F) -> F::Output {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(part)
}

/// On a multi-thread runtime of tokio with its default number of workers.
pub fn on_tokio_threads<F: Future>(part: F) -> F::Output {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(part)
}

/// On this thread alone: for libraries whose calls block.
pub fn on_this_thread<F: Future>(part: F) -> F::Output {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(part).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("a call that blocks is ready when it returns"),
    }
}

/// Plays the role that `args` name.
pub(crate) fn play<C: Contestant>(args: &Args) -> Result<(), Failure> {
    let workload = Workload::of(args)?;
    let mode = args.mode.as_str();
    match args.role.as_str() {
        "server" => C::run(mode, workload.serve::<C>(args)),
        "client" => C::run(mode, workload.consume::<C>(args)),
        "both" if C::shares_runtime(mode) => C::run(mode, async {
            let server = workload.serve::<C>(args);
            let client = workload.consume::<C>(args);
            tokio::try_join!(server, client).map(|((), ())| ())
        }),
        "both" => std::thread::scope(|scope| {
            scope.spawn(|| {
                let served = C::run(mode, workload.serve::<C>(args));
                served.unwrap_or_else(|failure| die(&failure));
            });
            C::run(mode, workload.consume::<C>(args))
        }),
        role => Err(format!("{role} is no role").into()),
    }
}

/// One end of two has failed: so have both.
fn die(failure: &Failure) -> ! {
    crate::control::tell("unable", &format!("\"why\":{:?}", failure.to_string()));
    std::process::exit(1)
}
