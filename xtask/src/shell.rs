//! Other programs: shown before they run, named when they fail.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::workspace;

/// How often a program with a time limit is asked whether it has ended.
const GLANCE: Duration = Duration::from_millis(20);

/// A program and its arguments, to run in the root of the workspace.
#[derive(Debug)]
pub(crate) struct Tool {
    command: Command,
    line: String,
}

impl Tool {
    /// A program from the path.
    pub(crate) fn new(program: &str) -> Self {
        Self::start(Command::new(program), program)
    }

    /// The cargo that runs this task, so that all work is done by one toolchain.
    pub(crate) fn cargo() -> Self {
        let program = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        Self::start(Command::new(program), "cargo")
    }

    /// A program by its path; people are shown `name`.
    pub(crate) fn at(path: &Path, name: &str) -> Self {
        Self::start(Command::new(path), name)
    }

    fn start(mut command: Command, name: &str) -> Self {
        command.current_dir(workspace::root()).stdin(Stdio::null());
        Self {
            command,
            line: name.to_owned(),
        }
    }

    /// One more argument.
    pub(crate) fn arg(mut self, argument: &str) -> Self {
        self.line.push(' ');
        self.line.push_str(&quoted(argument));
        self.command.arg(argument);
        self
    }

    /// More arguments.
    pub(crate) fn args<'a>(self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    /// A variable in the program's environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.line = format!("{name}={} {}", quoted(value), self.line);
        self.command.env(name, value);
        self
    }

    /// A variable that is too long to be shown.
    pub(crate) fn env_unshown(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.command.env(name, value.into());
        self
    }

    /// Runs it, its output going where ours goes.
    pub(crate) fn run(mut self) -> Outcome {
        println!("$ {}", self.line);
        let status = self
            .command
            .status()
            .map_err(|error| self.missing(&error))?;
        self.judge(status)
    }

    /// Runs it and ends it if it takes longer than `limit`.
    pub(crate) fn run_within(mut self, limit: Duration) -> Outcome {
        println!("$ {}", self.line);
        let mut child = self.command.spawn().map_err(|error| self.missing(&error))?;
        match wait_within(&mut child, limit).map_err(Failure::new)? {
            Some(status) => self.judge(status),
            None => Err(Failure::Failed(format!(
                "`{}` had not ended after {} s",
                self.line,
                limit.as_secs()
            ))),
        }
    }

    /// Runs it unseen and returns what it printed.
    pub(crate) fn read(mut self) -> Outcome<String> {
        let output = self
            .command
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| self.missing(&error))?;
        self.judge(output.status)?;
        String::from_utf8(output.stdout).map_err(Failure::new)
    }

    /// Runs it unseen and returns all that it printed, errors too.
    pub(crate) fn read_all(mut self) -> Outcome<String> {
        let output = self
            .command
            .output()
            .map_err(|error| self.missing(&error))?;
        self.judge(output.status)?;
        let printed = [output.stdout, output.stderr].concat();
        Ok(String::from_utf8_lossy(&printed).into_owned())
    }

    /// Runs it, shows what it prints and returns it too.
    pub(crate) fn show_and_read(mut self) -> Outcome<String> {
        println!("$ {}", self.line);
        let mut child = self
            .command
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| self.missing(&error))?;
        let mut printed = String::new();
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).lines() {
                let line = line.map_err(Failure::new)?;
                println!("{line}");
                printed.push_str(&line);
                printed.push('\n');
            }
        }
        let status = child.wait().map_err(Failure::new)?;
        self.judge(status)?;
        Ok(printed)
    }

    /// Runs it unseen; what it printed, if it ended well.
    pub(crate) fn read_quietly(mut self) -> Option<String> {
        let output = self.command.stderr(Stdio::null()).output().ok()?;
        let printed = String::from_utf8(output.stdout).ok()?;
        output.status.success().then_some(printed)
    }

    /// Whether it can be started and ends well. Nothing is shown.
    pub(crate) fn succeeds(mut self) -> bool {
        self.command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    fn judge(&self, status: ExitStatus) -> Outcome {
        if status.success() {
            return Ok(());
        }
        Err(Failure::Failed(format!(
            "`{}` failed ({status})",
            self.line
        )))
    }

    fn missing(&self, error: &std::io::Error) -> Failure {
        Failure::Failed(format!("`{}` cannot be run: {error}", self.line))
    }
}

/// Waits for the end of `child`; kills it and returns `None` when it is too late.
fn wait_within(child: &mut Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    while start.elapsed() < limit {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(GLANCE);
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

fn quoted(word: &str) -> String {
    if word.contains(' ') {
        format!("\"{word}\"")
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_can_be_typed_again() {
        let tool = Tool::new("cargo")
            .args(["test", "-p", "x"])
            .env("RUSTFLAGS", "--cfg loom");
        assert_eq!(tool.line, "RUSTFLAGS=\"--cfg loom\" cargo test -p x");
    }

    #[test]
    fn a_failure_names_the_program() {
        let failure = Tool::new("no-such-program-anywhere")
            .read()
            .expect_err("there is none");
        assert!(failure.to_string().contains("no-such-program-anywhere"));
    }
}
