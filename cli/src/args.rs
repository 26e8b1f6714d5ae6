//! The command line.

use clap::builder::Styles;
use clap::builder::styling::{AnsiColor, Effects};
use clap::{Parser, Subcommand};

use crate::socket::args::{
    Exchange, Join, Publish, Pull, Push, Radiate, Reply, Request, Subscribe,
};
use crate::{bench, demo, proxy};

/// ØMQ (ZeroMQ) sockets on the command line
///
/// A line that is read is a message that is sent, and a message that is received is
/// a line that is written. A command ends with exit code 0 after --count messages, or
/// at the end of its input, once all is delivered; with 1 if something fails or takes
/// longer than --timeout, with 2 for wrong arguments, and with 130 after Ctrl-C.
#[derive(Debug, Parser)]
#[command(name = "fmq", version, styles = STYLES, after_help = EXAMPLES, max_term_width = 88)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Send each line to one of the PULL peers, in turn
    Push(Push),
    /// Print what PUSH peers send
    Pull(Pull),
    /// Send each line to all subscribers that want it
    ///
    /// Waits for the first subscription before the first message, and for subscribers
    /// that do not keep up, so that a subscriber gets every line; see --no-wait and --drop.
    Pub(Publish),
    /// Print what publishers send
    Sub(Subscribe),
    /// Send each line as a request, and print the reply
    Req(Request),
    /// Print each request, and answer it with the next line
    Rep(Reply),
    /// Send lines to peers in turn, and print what they send
    ///
    /// A REP peer needs an empty frame in front: with --delimiter '\t', a line that
    /// begins with a tab.
    Dealer(Exchange),
    /// Print what peers send, with their ids, and send lines to the peer of an id
    ///
    /// Each line is the peer's id, a tab, and the other frames with a tab between them.
    /// An id that is not printable is written in hexadecimal, as in 0x00a1b2c3d4.
    /// A REQ peer has an empty frame behind its id: "ID, tab, tab, text". The
    /// first line waits for the first peer.
    Router(Exchange),
    /// Send lines to the one peer, and print what it sends
    Pair(Exchange),
    /// Send each line to one of the GATHER peers, in turn: a PUSH of one frame
    Scatter(Push),
    /// Print what SCATTER peers send
    Gather(Pull),
    /// Send lines to SERVERs in turn, and print what they answer, in any order
    Client(Exchange),
    /// Print what CLIENTs send, with their numbers, and send lines to the client of a
    /// number
    ///
    /// Each line is the client's number, a tab, and the text. The first line waits for
    /// the first client.
    Server(Exchange),
    /// Talk to peers of the same kind, by their numbers
    ///
    /// Lines are those of `server`. The number of a peer that this side connects to is
    /// told on standard error.
    Peer(Exchange),
    /// Send lines to the one peer, and print what it sends: a PAIR of one frame
    Channel(Exchange),
    /// Print the datagrams that come, with where they come from, and send lines to
    /// addresses
    ///
    /// Each line is an address, as in 127.0.0.1:5555, a tab, and the text. It binds to
    /// an endpoint as in udp://*:5555.
    Dgram(Exchange),
    /// Send each line to all who have joined its group
    ///
    /// Without --group a line is the group, a tab, and the text. Waits for the first who
    /// joins a group before the first message, and for those that do not keep up; see
    /// --no-wait and --drop. Over udp:// nobody is known to have joined, or waited for.
    Radio(Radiate),
    /// Print what RADIO peers send to groups, the group in front
    Dish(Join),
    /// Pass messages on between two sets of peers
    Proxy(proxy::Args),
    /// Measure throughput and latency
    Bench(bench::Args),
    /// Show every pattern over every transport, and count what is lost
    Demo(demo::Args),
    /// The other process of a benchmark.
    #[command(hide = true)]
    BenchPeer(bench::PeerArgs),
    /// The other process of a demonstration.
    #[command(hide = true)]
    DemoPeer(demo::PeerArgs),
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .usage(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .literal(AnsiColor::Cyan.on_default().effects(Effects::BOLD))
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  fmq pull --bind tcp://127.0.0.1:5555               print what comes
  fmq push --connect tcp://127.0.0.1:5555 < words    send a file, line by line
  fmq sub --connect tcp://host:5556 --topic weather  print one topic
  fmq rep --bind ipc:///tmp/echo --echo              answer requests
  fmq req --connect ipc:///tmp/echo hello            ask
  fmq demo                                           see all of it";
