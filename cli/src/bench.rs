//! `bench`: throughput and latency of any pattern, transport and size.

mod args;
mod case;
mod cpu;
mod figures;
mod latency;
mod load;
mod part;
mod round;
mod throughput;
mod view;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use self::args::Flavor;
pub(crate) use self::args::{Args, PeerArgs};
use self::case::Case;
use self::figures::Figures;
use self::view::View;
use crate::args::Command;
use crate::ends::companion::accompany;
use crate::failure::Failure;

/// How often the view is drawn.
const FRAME: Duration = Duration::from_millis(50);

/// Whether the command is a benchmark on several threads.
pub(crate) fn wants_threads(command: &Command) -> bool {
    let work = match command {
        Command::Bench(args) => &args.work,
        Command::BenchPeer(args) => &args.work,
        _ => return false,
    };
    work.runtime == Flavor::Multi
}

/// Runs the command.
pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    let cases = Case::all(&args);
    if cases.is_empty() {
        return Err(Failure::Usage(
            "no pattern that was asked for has such a figure, or such a transport: \
             push-pull, pub-sub, xpub-xsub and stream have no latency, req-rep no throughput, \
             and stream is over tcp",
        ));
    }
    let mut view = View::new(&args)?;
    for case in &cases {
        let mut rounds = Vec::new();
        for number in 1..=args.rounds {
            let progress = Arc::new(AtomicU64::new(0));
            let run = round::run(case, &args.work, Arc::clone(&progress));
            tokio::pin!(run);
            let mut frames = interval(FRAME);
            frames.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let round = loop {
                tokio::select! {
                    round = &mut run => break round?,
                    _ = frames.tick() => {
                        view.progress(case, number, progress.load(Ordering::Relaxed))?;
                    }
                }
            };
            rounds.push(round);
        }
        if let Some(figures) = Figures::of(rounds) {
            view.done(case, figures)?;
        }
    }
    view.end()
}

/// Runs the other process.
pub(crate) async fn run_peer(args: PeerArgs) -> Result<(), Failure> {
    let case = Case::of_peer(&args);
    accompany(args.role, |hearing| async move {
        let end = round::open(&case, &args.work, args.role)?;
        end.connect(&args.endpoint)?;
        let part = round::play(&case, &args.work, end, hearing, Arc::default()).await?;
        Ok(part.report())
    })
    .await
}
