//! Commands that run beside each other.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread::{self, JoinHandle};

/// No command waits longer for a message, so that none outlives its test for long.
const LIMIT: &str = "30s";

/// A command that runs; it is killed with its test.
pub(crate) struct Running {
    child: Child,
    stdout: Option<JoinHandle<String>>,
    stderr: BufReader<ChildStderr>,
}

/// How a command ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    /// Its exit code; absent if a signal killed it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    /// What nobody has read yet.
    pub(crate) stderr: String,
}

/// Starts `fmq` with these words as arguments, and that input.
pub(crate) fn fmq(words: &str, input: &str) -> Running {
    let words: Vec<_> = words.split_whitespace().collect();
    start(&words, Some(input))
}

/// Starts `fmq` with an input that never ends.
pub(crate) fn fmq_without_end(words: &str) -> Running {
    let words: Vec<_> = words.split_whitespace().collect();
    start(&words, None)
}

fn start(words: &[&str], input: Option<&str>) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fmq"));
    command.args(words);
    let is_socket = !matches!(words.first(), Some(&("proxy" | "bench" | "demo" | "help")));
    if is_socket && !words.contains(&"--timeout") {
        command.args(["--timeout", LIMIT]);
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    if let Some(input) = input.map(str::to_owned) {
        let mut stdin = child.stdin.take().expect("a pipe");
        // A command may end without having read all of it.
        thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    }
    let mut stdout = child.stdout.take().expect("a pipe");
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        stdout.read_to_end(&mut text).expect("the output ends");
        String::from_utf8(text).expect("the output is text")
    });
    let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    Running {
        child,
        stdout: Some(reader),
        stderr,
    }
}

impl Running {
    /// The endpoint that the command says it listens at next.
    pub(crate) fn endpoint(&mut self) -> String {
        let mut line = String::new();
        self.stderr.read_line(&mut line).expect("a line");
        let place = line.trim_end().split_once("listening at ");
        let (_, endpoint) = place.unwrap_or_else(|| panic!("it says {line:?}"));
        endpoint.to_owned()
    }

    /// Sends it a signal by name.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.expect("kill starts").success());
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Ended {
        let mut stderr = String::new();
        self.stderr.read_to_string(&mut stderr).expect("it ends");
        let stdout = self.stdout.take().expect("the reader");
        Ended {
            code: self.child.wait().expect("it ends").code(),
            stdout: stdout.join().expect("the output ends"),
            stderr,
        }
    }

    /// Waits for a good end without a word on the standard error, and gives what it
    /// has printed.
    pub(crate) fn succeed(self) -> String {
        let ended = self.end();
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        ended.stdout
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended cannot be killed, and need not be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
