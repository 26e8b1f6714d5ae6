//! The arguments of the socket commands.

use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::duration;

/// What all socket commands take.
#[derive(Debug, Args)]
pub(crate) struct Link {
    #[command(flatten)]
    pub(crate) endpoints: Endpoints,

    /// How many messages may wait for, and from, each peer; 0 is no limit
    #[arg(long, value_name = "MESSAGES", default_value_t = 1000)]
    pub(crate) hwm: usize,

    /// Give up, with exit code 1, when a message or its delivery takes longer
    #[arg(long, short, value_name = "DURATION", value_parser = duration::parse)]
    pub(crate) timeout: Option<Duration>,

    /// The name by which a ROUTER knows this socket
    #[arg(long, value_name = "ID")]
    pub(crate) identity: Option<String>,

    /// Use IPv6 too: for names that have such addresses, and for * (an endpoint with
    /// such an address in brackets needs no more)
    #[arg(long, short = '6')]
    pub(crate) ipv6: bool,

    /// Tell on standard error what happens to the connections
    #[arg(long, short = 'v', visible_alias = "verbose")]
    pub(crate) monitor: bool,
}

impl Link {
    /// Whether an endpoint needs IPv6, or it was asked for.
    pub(crate) fn wants_ipv6(&self) -> bool {
        let Endpoints { bind, connect } = &self.endpoints;
        let mut all = bind.iter().chain(connect);
        self.ipv6
            || all.any(|endpoint| {
                endpoint.starts_with("tcp://[")
                    || (endpoint.starts_with("udp://") && endpoint.contains('['))
            })
    }

    /// Whether nobody is known to be at the other end.
    pub(crate) fn is_connectionless(&self) -> bool {
        let Endpoints { bind, connect } = &self.endpoints;
        let mut all = bind.iter().chain(connect);
        all.any(|endpoint| endpoint.starts_with("udp://"))
    }
}

/// Where the socket is bound and connected.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Endpoints {
    /// Listen there, as in tcp://*:5555 or ipc:///tmp/feed (may be given again)
    #[arg(long, short, value_name = "ENDPOINT")]
    pub(crate) bind: Vec<String>,

    /// Connect there, now or when somebody listens (may be given again)
    #[arg(long, short, value_name = "ENDPOINT")]
    pub(crate) connect: Vec<String>,
}

/// How messages are written in text.
#[derive(Debug, Args)]
pub(crate) struct Form {
    /// How messages are written
    #[arg(long, short, value_enum, default_value_t = Kind::Lines)]
    pub(crate) format: Kind,

    /// What separates the frames of a message in a line, for lines and hex: one
    /// character, or \t. Without it a line that is read is one frame, and frames
    /// are written with a tab between them
    #[arg(long, short, value_name = "CHAR", value_parser = delimiter)]
    pub(crate) delimiter: Option<u8>,
}

/// The ways to write messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// A line is a message, without its newline; any bytes may stand in it
    Lines,
    /// The bytes as they are, nothing between frames and messages; the input is one
    /// message, or one for every --size bytes
    Raw,
    /// A line of hexadecimal digits is a message
    Hex,
    /// A line is {"frames": ["text", {"hex": "00ff"}]}: text where a frame is UTF-8,
    /// hex where it is not; a string or a list alone is read too
    Json,
}

/// What a command sends.
#[derive(Debug, Args)]
pub(crate) struct Content {
    /// Send these instead of the lines of the input; with --count, over and over
    #[arg(value_name = "MESSAGE")]
    pub(crate) messages: Vec<String>,

    /// Send made-up messages of so many bytes instead of the input; with --format
    /// raw, cut the input into such pieces
    #[arg(long, value_name = "BYTES", conflicts_with = "messages")]
    pub(crate) size: Option<usize>,

    /// The time from one message to the next
    #[arg(long, short, value_name = "DURATION", value_parser = duration::parse)]
    pub(crate) interval: Option<Duration>,
}

/// `push` and `scatter`.
#[derive(Debug, Args)]
pub(crate) struct Push {
    #[command(flatten)]
    pub(crate) content: Content,
    /// End after so many messages
    #[arg(long, short = 'n', value_name = "N")]
    pub(crate) count: Option<u64>,
    #[command(flatten)]
    pub(crate) link: Link,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `pub`.
#[derive(Debug, Args)]
pub(crate) struct Publish {
    #[command(flatten)]
    pub(crate) content: Content,
    /// End after so many messages
    #[arg(long, short = 'n', value_name = "N")]
    pub(crate) count: Option<u64>,
    /// Put a frame with this topic in front of each message
    #[arg(long, value_name = "TOPIC")]
    pub(crate) topic: Option<String>,
    /// Wait for so many subscriptions before the first message
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) subscribers: u64,
    /// Do not wait for a subscriber: what nobody wants is dropped
    #[arg(long, conflicts_with = "subscribers")]
    pub(crate) no_wait: bool,
    /// Drop messages for subscribers that do not keep up, instead of waiting for them
    #[arg(long)]
    pub(crate) drop: bool,
    #[command(flatten)]
    pub(crate) link: Link,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `pull` and `gather`.
#[derive(Debug, Args)]
pub(crate) struct Pull {
    /// End after so many messages
    #[arg(long, short = 'n', value_name = "N")]
    pub(crate) count: Option<u64>,
    #[command(flatten)]
    pub(crate) link: Link,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `sub`.
#[derive(Debug, Args)]
pub(crate) struct Subscribe {
    /// Receive messages that begin with this; all if it is not given (may be given
    /// again)
    #[arg(long, value_name = "PREFIX")]
    pub(crate) topic: Vec<String>,
    /// End after so many messages
    #[arg(long, short = 'n', value_name = "N")]
    pub(crate) count: Option<u64>,
    #[command(flatten)]
    pub(crate) link: Link,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `radio`.
#[derive(Debug, Args)]
pub(crate) struct Radiate {
    #[command(flatten)]
    pub(crate) content: Content,
    /// End after so many messages
    #[arg(long, short = 'n', value_name = "N")]
    pub(crate) count: Option<u64>,
    /// The group of all messages
    #[arg(long, short, value_name = "GROUP")]
    pub(crate) group: Option<String>,
    /// Do not wait for anybody to join: what is for nobody is dropped
    #[arg(long)]
    pub(crate) no_wait: bool,
    /// Drop messages for peers that do not keep up, instead of waiting for them
    #[arg(long)]
    pub(crate) drop: bool,
    #[command(flatten)]
    pub(crate) link: Link,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `dish`.
#[derive(Debug, Args)]
pub(crate) struct Join {
    /// Receive messages of this group (may be given again)
    #[arg(long, short, value_name = "GROUP", required = true)]
    pub(crate) group: Vec<String>,
    /// End after so many messages
    #[arg(long, short = 'n', value_name = "N")]
    pub(crate) count: Option<u64>,
    #[command(flatten)]
    pub(crate) link: Link,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `req`.
#[derive(Debug, Args)]
pub(crate) struct Request {
    #[command(flatten)]
    pub(crate) content: Content,
    /// End after so many replies
    #[arg(long, short = 'n', value_name = "N")]
    pub(crate) count: Option<u64>,
    #[command(flatten)]
    pub(crate) link: Link,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// `rep`.
#[derive(Debug, Args)]
pub(crate) struct Reply {
    #[command(flatten)]
    pub(crate) answer: Answer,
    /// End after so many requests
    #[arg(long, short = 'n', value_name = "N")]
    pub(crate) count: Option<u64>,
    #[command(flatten)]
    pub(crate) link: Link,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// What a request is answered with, if not with the next line of the input.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct Answer {
    /// Answer each request with itself
    #[arg(long, short)]
    pub(crate) echo: bool,
    /// Answer each request with this
    #[arg(long, short, value_name = "TEXT")]
    pub(crate) reply: Option<String>,
    /// Answer each request with the output of this command of the shell, which has
    /// the request as its input
    #[arg(long, short = 'x', value_name = "COMMAND")]
    pub(crate) exec: Option<String>,
}

/// `dealer`, `router`, `pair`, `client`, `server`, `peer`, `channel`, `dgram`.
#[derive(Debug, Args)]
pub(crate) struct Exchange {
    #[command(flatten)]
    pub(crate) content: Content,
    /// Send so many messages at the most, and end when so many have come
    #[arg(long, short = 'n', value_name = "N")]
    pub(crate) count: Option<u64>,
    /// How long to go on receiving when the last message is sent and none comes
    #[arg(long, short, value_name = "DURATION", value_parser = duration::parse, default_value = "1s")]
    pub(crate) wait: Duration,
    #[command(flatten)]
    pub(crate) link: Link,
    #[command(flatten)]
    pub(crate) form: Form,
}

fn delimiter(text: &str) -> Result<u8, &'static str> {
    match text.as_bytes() {
        b"\\t" => Ok(b'\t'),
        [b'\n'] => Err("a newline separates messages"),
        [byte] => Ok(*byte),
        _ => Err("it is one character, or \\t"),
    }
}
