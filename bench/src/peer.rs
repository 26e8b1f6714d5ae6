//! A contestant's process, and the conversation with it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::case::{Case, Pin};
use crate::failure::Failure;
use crate::field::Entry;

/// It ends with its owner, whatever happened.
pub(crate) struct Peer {
    child: Child,
    words: Option<ChildStdin>,
    events: Receiver<Value>,
    last_words: Arc<Mutex<String>>,
}

/// The state of a process at one moment.
pub(crate) struct Sample {
    pub(crate) seconds: f64,
    pub(crate) sent: f64,
    pub(crate) received: f64,
    pub(crate) cpu_ns: f64,
    pub(crate) rss: f64,
}

impl Peer {
    pub(crate) fn start(
        binary: &Path,
        case: &Case,
        entry: &Entry,
        role: &str,
        endpoint: &str,
    ) -> Result<Self, Failure> {
        let mut command = Command::new(binary);
        command.args([case.workload, role, endpoint]);
        command.args(["--size", &case.size.to_string()]);
        command.args(["--peers", &case.peers.to_string()]);
        command.args(["--mode", entry.mode]);
        match (case.pin, role) {
            (Pin::Free, _) | (Pin::Two, "both") => {}
            (Pin::Two, "client") => drop(command.args(["--cpu", "1"])),
            _ => drop(command.args(["--cpu", "0"])),
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (sender, events) = sync_channel(1024);
        if let Some(out) = child.stdout.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(out).lines().map_while(Result::ok) {
                    if let Ok(event) = serde_json::from_str(&line) {
                        let _ = sender.send(event);
                    }
                }
            });
        }
        let last_words = Arc::new(Mutex::new(String::new()));
        if let Some(err) = child.stderr.take() {
            listen_for_last_words(err, last_words.clone());
        }
        let words = child.stdin.take();
        Ok(Self {
            child,
            words,
            events,
            last_words,
        })
    }

    pub(crate) fn say(&mut self, word: &str) -> Result<(), Failure> {
        let words = self.words.as_mut();
        let said = words.map_or(Ok(()), |words| writeln!(words, "{word}"));
        said.map_err(|_| self.died())
    }

    /// The next event of that name.
    pub(crate) fn hear(&mut self, name: &str, patience: Duration) -> Result<Value, Failure> {
        let deadline = Instant::now() + patience;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let event = match self.events.recv_timeout(left) {
                Ok(event) => event,
                Err(RecvTimeoutError::Disconnected) => return Err(self.died()),
                Err(RecvTimeoutError::Timeout) => {
                    let patience = patience.as_secs();
                    return Err(Failure::Unable(format!("no `{name}` within {patience} s")));
                }
            };
            if event["event"] == name {
                return Ok(event);
            }
            if event["event"] == "unable" {
                let why = event["why"].as_str().unwrap_or_default();
                return Err(Failure::Unable(why.into()));
            }
        }
    }

    pub(crate) fn sample(&mut self) -> Result<Sample, Failure> {
        self.say("sample")?;
        let event = self.hear("sample", Duration::from_secs(5))?;
        let field = |name: &str| event[name].as_f64().unwrap_or_default();
        Ok(Sample {
            seconds: field("at") / 1e9,
            sent: field("sent"),
            received: field("received"),
            cpu_ns: field("cpu") * 1e3,
            rss: field("rss"),
        })
    }

    /// How many descriptors it has open.
    pub(crate) fn descriptors(&self) -> usize {
        let folder = format!("/proc/{}/fd", self.child.id());
        std::fs::read_dir(folder).map_or(0, Iterator::count)
    }

    /// Why it is no more.
    fn died(&mut self) -> Failure {
        // What it said last may still be on its way.
        std::thread::sleep(Duration::from_millis(50));
        let said = self
            .last_words
            .lock()
            .map(|said| said.clone())
            .unwrap_or_default();
        let status = self.child.try_wait().ok().flatten();
        let status = status.map_or("it hung up".into(), |status| status.to_string());
        Failure::Unable(format!("{status}: {said}"))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.words.take());
        // It needs no time to end; one that takes it is stuck.
        for _ in 0..50 {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Keeps the last line that says something.
fn listen_for_last_words(err: impl Read + Send + 'static, last: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(err).lines().map_while(Result::ok) {
            let says = !line.starts_with("note: run with") && !line.trim().is_empty();
            if let (true, Ok(mut last)) = (says, last.lock()) {
                *last = line;
            }
        }
    });
}
