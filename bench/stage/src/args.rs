//! The one command line of all contestants.

use crate::Failure;

/// A socket type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "their names are what they are")]
pub enum Kind {
    Push,
    Pull,
    Req,
    Rep,
    Dealer,
    Router,
    Pub,
    Sub,
}

/// `WORKLOAD ROLE ENDPOINT [--size BYTES] [--peers N] [--mode NAME] [--cpu N]`.
#[derive(Debug, Clone)]
pub struct Args {
    /// Which loop to run.
    pub workload: String,
    /// `server` binds, `client` connects, `both` is the two in one process.
    pub role: String,
    /// Where.
    pub endpoint: String,
    /// Bytes of a message's body.
    pub size: usize,
    /// How many sockets, or connections, the client has.
    pub peers: usize,
    /// The contestant's mode.
    pub mode: String,
    /// The processor that this process stays on, with all its threads.
    pub cpu: Option<usize>,
}

impl Args {
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut words = words;
        let mut next = |what| words.next().ok_or(format!("{what} is missing"));
        let mut args = Self {
            workload: next("a workload")?,
            role: next("a role")?,
            endpoint: next("an endpoint")?,
            size: 64,
            peers: 1,
            mode: "default".into(),
            cpu: None,
        };
        while let Some(option) = words.next() {
            let value = words.next().ok_or(format!("{option} has no value"))?;
            match option.as_str() {
                "--size" => args.size = value.parse()?,
                "--peers" => args.peers = value.parse()?,
                "--mode" => args.mode = value,
                "--cpu" => args.cpu = Some(value.parse()?),
                _ => return Err(format!("{option} is unknown").into()),
            }
        }
        Ok(args)
    }
}
