//! `fmq` between the standard streams and programs of pyzmq that know nothing of it.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::OnceLock;
use std::thread::{self, JoinHandle};

const ANY: &str = "tcp://127.0.0.1:*";

/// A program that runs; it is killed with its test.
struct Running {
    name: String,
    child: Child,
    stdout: Option<JoinHandle<Vec<u8>>>,
    stderr: BufReader<ChildStderr>,
}

/// `fmq`, built as this test is.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(build)
}

/// Starts `fmq`.
fn fmq(words: &str, input: &str) -> Running {
    let mut command = Command::new(program());
    command
        .args(words.split_whitespace())
        .args(["--timeout", "30s"]);
    Running::start(command, words, input)
}

/// Starts `cli.py`, which may not wait as long as a build takes.
fn python(words: &str, input: &str) -> Running {
    program();
    let named = env::var_os("FERROMQ_PYTHON").map(PathBuf::from);
    let active = env::var_os("VIRTUAL_ENV").map(PathBuf::from);
    let venv = active.unwrap_or_else(|| interop::root().join("target/venv"));
    let mut command = Command::new(named.unwrap_or_else(|| venv.join("bin/python")));
    let script = interop::root().join("interop/tests/cli.py");
    command.arg("-B").arg(script).args(words.split_whitespace());
    Running::start(command, words, input)
}

/// Builds `fmq` in the folder and the profile that this test was built in.
fn build() -> PathBuf {
    let test = env::current_exe().expect("a path");
    let profile = test.ancestors().nth(2).expect("PROFILE/deps/test");
    let target = profile.parent().expect("a target folder");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args([
            "build",
            "--quiet",
            "--package",
            "ferromq-cli",
            "--target-dir",
        ])
        .arg(target)
        .arg("--manifest-path")
        .arg(interop::root().join("Cargo.toml"));
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    assert!(cargo.status().expect("cargo starts").success());
    profile.join(Path::new("fmq").with_extension(env::consts::EXE_EXTENSION))
}

impl Running {
    fn start(mut command: Command, name: &str, input: &str) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut stdin = child.stdin.take().expect("a pipe");
        let input = input.to_owned();
        // A program may end without having read all of it.
        thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
        let mut stdout = child.stdout.take().expect("a pipe");
        let reader = thread::spawn(move || {
            let mut bytes = Vec::new();
            stdout.read_to_end(&mut bytes).expect("the output ends");
            bytes
        });
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        Self {
            name: name.to_owned(),
            child,
            stdout: Some(reader),
            stderr,
        }
    }

    /// The endpoint that the program says it listens at.
    fn endpoint(&mut self) -> String {
        let mut line = String::new();
        self.stderr.read_line(&mut line).expect("a line");
        let place = line.trim_end().split_once("listening at ");
        let (_, endpoint) = place.unwrap_or_else(|| panic!("{} says {line:?}", self.name));
        endpoint.to_owned()
    }

    /// Waits for a good end, and gives what was printed.
    fn succeed(mut self) -> String {
        let mut stderr = String::new();
        self.stderr.read_to_string(&mut stderr).expect("it ends");
        let code = self.child.wait().expect("it ends").code();
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{}", self.name);
        let stdout = self.stdout.take().expect("the reader").join();
        String::from_utf8(stdout.expect("the output ends")).expect("text")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended cannot be killed, and need not be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn words() -> String {
    (0..20_000)
        .map(|number| format!("word {number}\n"))
        .collect()
}

#[test]
fn push_feeds_a_pull_line_for_line() {
    let mut push = fmq(&format!("push --bind {ANY}"), &words());
    let pull = python(&format!("PULL connect {} 20000", push.endpoint()), "");
    assert_eq!(pull.succeed(), words());
    assert_eq!(push.succeed(), "");
}

#[test]
fn a_push_feeds_pull_line_for_line() {
    let mut pull = fmq(&format!("pull --bind {ANY} --count 20000"), "");
    let push = python(&format!("PUSH connect {}", pull.endpoint()), &words());
    push.succeed();
    assert_eq!(pull.succeed(), words());
}

#[test]
fn who_binds_does_not_matter() {
    let mut pull = python("PULL bind tcp://127.0.0.1:* 20000", "");
    let push = fmq(&format!("push --connect {}", pull.endpoint()), &words());
    push.succeed();
    assert_eq!(pull.succeed(), words());
    let mut push = python("PUSH bind tcp://127.0.0.1:*", &words());
    let pull = format!("pull --connect {} --count 20000", push.endpoint());
    assert_eq!(fmq(&pull, "").succeed(), words());
    push.succeed();
}

#[test]
fn pub_feeds_a_sub_from_the_first_line_on() {
    let mut publisher = fmq(&format!("pub --bind {ANY}"), &words());
    let sub = python(&format!("SUB connect {} 20000", publisher.endpoint()), "");
    assert_eq!(sub.succeed(), words());
    assert_eq!(publisher.succeed(), "");
}

#[test]
fn a_publisher_feeds_sub_with_its_topic() {
    let input = "other 1\nnews 1\nother 2\nnews 2\n";
    let mut publisher = python("XPUB bind tcp://127.0.0.1:*", input);
    let endpoint = publisher.endpoint();
    let sub = fmq(
        &format!("sub --connect {endpoint} --topic news --count 2"),
        "",
    );
    assert_eq!(sub.succeed(), "news 1\nnews 2\n");
    publisher.succeed();
}

#[test]
fn req_asks_a_rep() {
    let mut rep = python("REP bind tcp://127.0.0.1:* 3", "");
    let req = fmq(&format!("req --connect {}", rep.endpoint()), "a\nb\nc\n");
    assert_eq!(req.succeed(), "re: a\nre: b\nre: c\n");
    assert_eq!(rep.succeed(), "a\nb\nc\n");
}

#[test]
fn a_req_asks_rep() {
    let mut rep = fmq(&format!("rep --bind {ANY} --echo --count 3"), "");
    let req = python(&format!("REQ connect {}", rep.endpoint()), "a\nb\nc\n");
    assert_eq!(req.succeed(), "a\nb\nc\n");
    assert_eq!(rep.succeed(), "a\nb\nc\n");
}

#[test]
fn dealer_and_router() {
    let mut router = python("ROUTER bind tcp://127.0.0.1:* 2", "");
    let dealer = format!(
        "dealer --connect {} --identity fmq --count 2",
        router.endpoint()
    );
    assert_eq!(fmq(&dealer, "a\nb\n").succeed(), "a\nb\n");
    assert_eq!(router.succeed(), "fmq\ta\nfmq\tb\n");
    let mut router = fmq(&format!("router --bind {ANY} --count 2"), "");
    let dealer = python(&format!("DEALER connect {}", router.endpoint()), "a\nb\n");
    dealer.succeed();
    assert_eq!(router.succeed(), "python\ta\npython\tb\n");
}

#[test]
fn pairs() {
    let mut one = python("PAIR bind tcp://127.0.0.1:* 2", "a\nb\n");
    let other = fmq(
        &format!("pair --connect {} --count 2 c d", one.endpoint()),
        "",
    );
    assert_eq!(other.succeed(), "a\nb\n");
    assert_eq!(one.succeed(), "c\nd\n");
}
