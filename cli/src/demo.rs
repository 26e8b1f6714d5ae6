//! `demo`: every pattern over every transport, in one process and across two, with
//! a count of what was sent, received and lost.

mod board;
mod flow;
mod link;
mod meter;
mod payload;
mod summary;
mod view;

use std::time::Duration;

use serde_json::Value;
use tokio::time::{MissedTickBehavior, interval};

use crate::demo::board::Board;
use crate::demo::link::Link;
use crate::demo::meter::Meter;
use crate::demo::view::View;
use crate::ends::carrier::Carrier;
use crate::ends::companion::accompany;
use crate::ends::pattern::{Pattern, Role};
use crate::failure::Failure;

/// How often the view is drawn.
const FRAME: Duration = Duration::from_millis(40);

/// `demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Show this pattern only (may be given again)
    #[arg(long, value_enum)]
    pattern: Vec<Pattern>,

    /// Show this transport only (may be given again)
    #[arg(long, value_enum)]
    transport: Vec<Carrier>,

    /// How many messages each link carries; requests and replies in turn are fewer
    #[arg(long, short = 'n', value_name = "N", default_value_t = 100_000)]
    count: u64,
}

/// The other process.
#[derive(Debug, clap::Args)]
pub(crate) struct PeerArgs {
    #[arg(value_enum)]
    pattern: Pattern,
    #[arg(value_enum)]
    role: Role,
    endpoint: String,
    count: u64,
}

/// Runs the command.
pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    let links = Link::all().into_iter().filter(|link| link.is_among(&args));
    let mut board = Board::new(links.collect());
    let mut view = View::new(&board)?;
    for index in 0..board.len() {
        let link = board.start(index);
        let meter = Meter::default();
        let error = {
            let run = link.run(link.count(args.count), &meter);
            tokio::pin!(run);
            let mut frames = interval(FRAME);
            frames.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    done = &mut run => break done.err(),
                    _ = frames.tick() => {
                        board.update(index, &meter, link.total(args.count));
                        view.progress(&board)?;
                    }
                }
            }
        };
        board.finish(index, &meter, error);
        view.done(&board, index)?;
    }
    view.end(&board)?;
    board.verdict()
}

/// Runs the other process.
pub(crate) async fn run_peer(args: PeerArgs) -> Result<(), Failure> {
    accompany(args.role, |hearing| async move {
        let meter = Meter::default();
        link::join(
            args.pattern,
            args.role,
            &args.endpoint,
            args.count,
            &meter,
            hearing,
        )
        .await?;
        Ok::<Value, Failure>(meter.report())
    })
    .await
}

impl Link {
    fn is_among(&self, args: &Args) -> bool {
        (args.pattern.is_empty() || args.pattern.contains(&self.pattern))
            && (args.transport.is_empty() || args.transport.contains(&self.carrier))
    }
}
