//! The thread that reads the standard input.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, StdinLock};
use std::sync::Arc;
use std::thread;

use ferromq::Message;
use tokio::sync::mpsc;

use super::BATCH;
use crate::failure::Failure;
use crate::socket::args::Kind;
use crate::socket::format::Format;

/// How many batches may wait to be sent.
const WAITING: usize = 4;

/// A message cannot be longer: peers' sockets take no more by default.
const LONGEST: u64 = 256 << 20;

type Batch = Result<VecDeque<Message>, Failure>;

/// Starts to read; `size` cuts raw input into messages.
pub(super) fn start(format: Format, size: Option<usize>) -> mpsc::Receiver<Batch> {
    let (batches, receiver) = mpsc::channel(WAITING);
    thread::spawn(move || {
        let mut reader = Reader {
            input: BufReader::with_capacity(1 << 16, io::stdin().lock()),
            format,
            piece: size.map_or(LONGEST, |size| size.max(1) as u64),
            whole: size.is_none(),
            line: 0,
            failure: None,
        };
        while let Some(batch) = reader.batch() {
            let last = batch.is_err();
            if batches.blocking_send(batch).is_err() || last {
                return;
            }
        }
    });
    receiver
}

struct Reader {
    input: BufReader<StdinLock<'static>>,
    format: Format,
    /// How many bytes are a message, in raw input.
    piece: u64,
    /// Whether raw input is one message.
    whole: bool,
    /// The number of the line read last.
    line: u64,
    /// What is wrong with it.
    failure: Option<Failure>,
}

impl Reader {
    /// The next messages: at least one, and those that can be had without waiting;
    /// `None` at the end.
    fn batch(&mut self) -> Option<Batch> {
        if let Some(failure) = self.failure.take() {
            return Some(Err(failure));
        }
        let mut batch = VecDeque::new();
        while batch.is_empty() || self.is_ready() && batch.len() < BATCH {
            match self.message() {
                Ok(Some(message)) => batch.push_back(message),
                Ok(None) => break,
                Err(failure) if batch.is_empty() => return Some(Err(failure)),
                // What came before is sent first.
                Err(failure) => {
                    self.failure = Some(failure);
                    break;
                }
            }
        }
        (!batch.is_empty()).then_some(Ok(batch))
    }

    fn is_ready(&self) -> bool {
        self.format.kind != Kind::Raw && self.input.buffer().contains(&b'\n')
    }

    fn message(&mut self) -> Result<Option<Message>, Failure> {
        self.line += 1;
        let mut bytes = Vec::new();
        let read = match self.format.kind {
            Kind::Raw => (&mut self.input).take(self.piece).read_to_end(&mut bytes),
            _ => (&mut self.input)
                .take(LONGEST)
                .read_until(b'\n', &mut bytes),
        };
        match read {
            Ok(0) => return Ok(None),
            Ok(_) => {}
            Err(error) => return Err(Failure::Stdin(Arc::new(error))),
        }
        if bytes.len() as u64 == LONGEST && (self.whole || bytes.last() != Some(&b'\n')) {
            let reason = "is longer than 256 MiB, the longest message there is";
            return Err(Failure::Input(self.line, reason.into()));
        }
        if self.format.kind != Kind::Raw && bytes.last() == Some(&b'\n') {
            bytes.pop();
        }
        let message = self.format.decode(&bytes);
        message
            .map(Some)
            .map_err(|reason| Failure::Input(self.line, reason))
    }
}
