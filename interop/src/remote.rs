//! Sockets in a process of their own, which can be stopped and killed.

use std::env;
use std::ffi::OsStr;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::str;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use ferromq::SocketType;

use crate::event::Happening;
use crate::failure::{Failure, Outcome};
use crate::frames::{Frames, frame, joined};
use crate::option::Setting;
use crate::peer::{Peer, Sent};
use crate::wire;

/// A process that has sockets and does what it is told.
pub struct Process {
    child: Mutex<Child>,
    pipes: Mutex<(BufWriter<ChildStdin>, BufReader<ChildStdout>)>,
    /// Whose sockets it has.
    pub version: String,
}

/// Whose sockets a process has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// ferromq's.
    Ferromq,
    /// Those of the libzmq that this is linked with.
    Libzmq,
    /// Those of the libzmq in pyzmq's wheel.
    Pyzmq,
}

/// One of its sockets.
struct Remote {
    process: Arc<Process>,
    kind: SocketType,
    id: Bytes,
}

/// What this program's executable is, for processes that are to run it.
static EXECUTABLE: OnceLock<PathBuf> = OnceLock::new();

/// Says where the executable of this package is.
pub fn set_executable(path: impl Into<PathBuf>) {
    EXECUTABLE.get_or_init(|| path.into());
}

/// The Python that has pyzmq: the one that `FERROMQ_PYTHON` names, or that of the
/// virtual environment in use, or in the workspace's `target`.
#[must_use]
pub(crate) fn python() -> PathBuf {
    if let Some(python) = env::var_os("FERROMQ_PYTHON") {
        return python.into();
    }
    let active = env::var_os("VIRTUAL_ENV").map(PathBuf::from);
    active
        .unwrap_or_else(|| root().join("target/venv"))
        .join("bin/python")
}

/// The repository's root.
#[must_use]
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

impl Process {
    /// Starts a process.
    ///
    /// # Errors
    ///
    /// Why it cannot, with what may be missing.
    pub fn start(program: Program) -> Outcome<Arc<Self>> {
        let arguments = |word: &str| [OsStr::new("--peer").to_owned(), word.into()];
        let (path, arguments) = match program {
            Program::Ferromq => (executable()?, arguments("ferromq")),
            Program::Libzmq => (executable()?, arguments("libzmq")),
            Program::Pyzmq => {
                let script = root().join("interop/peer.py");
                (python(), [OsStr::new("-B").to_owned(), script.into()])
            }
        };
        Self::run(&path, arguments).map_err(|failure| match program {
            Program::Pyzmq => Failure::new(format_args!(
                "{failure}. Tests need a Python with pyzmq: python3 -m venv target/venv, then \
                 target/venv/bin/pip install -r interop/requirements.txt; or FERROMQ_PYTHON \
                 says which it is"
            ))
            .during(path.display()),
            _ => failure.during(path.display()),
        })
    }

    fn run(path: &Path, arguments: [std::ffi::OsString; 2]) -> Outcome<Arc<Self>> {
        let mut child = Command::new(path)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let pipe = || Failure::new("the process has no pipe");
        let input = BufWriter::new(child.stdin.take().ok_or_else(pipe)?);
        let mut output = BufReader::new(child.stdout.take().ok_or_else(pipe)?);
        let hello = wire::read(&mut output)?.ok_or_else(|| Failure::new("it ends at once"))?;
        let version = hello.first().ok_or_else(|| Failure::new("no version"))?;
        Ok(Arc::new(Self {
            version: str::from_utf8(version)?.to_owned(),
            child: Mutex::new(child),
            pipes: Mutex::new((input, output)),
        }))
    }

    /// A new socket in the process; it does not linger.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub fn socket(self: &Arc<Self>, kind: SocketType) -> Outcome<Box<dyn Peer>> {
        let answer = self.ask("socket", &[kind.name().into()])?;
        let id = answer.into_iter().next().unwrap_or_default();
        let process = Arc::clone(self);
        Ok(Box::new(Remote { process, kind, id }))
    }

    /// Passes messages on between two new sockets until the process ends; says where
    /// they are. They bind, or connect where there is a `>` in front of the endpoint.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    pub fn device(self: &Arc<Self>, ends: [(SocketType, &str); 2]) -> Outcome<[String; 2]> {
        let words = ends.map(|(kind, endpoint)| [kind.name().to_owned(), endpoint.to_owned()]);
        let words: Vec<Bytes> = words.into_iter().flatten().map(Bytes::from).collect();
        let bound = self.ask("device", &words)?;
        match &bound[..] {
            [front, back] => Ok([front, back].map(|end| String::from_utf8_lossy(end).into())),
            _ => Err(Failure::new("a device has two ends")),
        }
    }

    /// Kills it, as `kill -9` does, and waits until it is gone.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    pub fn kill(&self) -> Outcome {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// Sends it a signal by name: `STOP`, `CONT`.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    pub fn signal(&self, name: &str) -> Outcome {
        let child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let id = child.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status()?;
        match status.success() {
            true => Ok(()),
            false => Err(Failure::new(format_args!("kill -s {name} fails"))),
        }
    }

    /// One row there, one back, without the word in front that says whether it
    /// went well.
    fn ask(&self, verb: &str, rest: &[Bytes]) -> Outcome<Frames> {
        let mut pipes = self.pipes.lock().unwrap_or_else(PoisonError::into_inner);
        let (input, output) = &mut *pipes;
        let ended = || Failure::new("the process has ended");
        wire::write(input, &joined(&frame(verb), rest)).map_err(|_| ended())?;
        let mut answer = wire::read(output)?.ok_or_else(ended)?;
        let text = |part: Option<&Bytes>| {
            String::from_utf8_lossy(part.map_or(&[], |part| part)).into_owned()
        };
        match text(answer.first()).as_str() {
            "ok" => Ok(answer.split_off(1)),
            _ => Err(Failure::new(text(answer.get(1))).during(verb)),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.kill();
    }
}

impl Remote {
    fn ask(&self, verb: &str, rest: &[Bytes]) -> Outcome<Frames> {
        self.process
            .ask(verb, &joined(std::slice::from_ref(&self.id), rest))
    }

    fn ask_text(&self, verb: &str, word: &str) -> Outcome<Option<String>> {
        let answer = self.ask(verb, &frame(word))?;
        let text = answer
            .first()
            .map(|text| str::from_utf8(text))
            .transpose()?;
        Ok(text.map(str::to_owned))
    }
}

impl Peer for Remote {
    fn kind(&self) -> SocketType {
        self.kind
    }

    fn set(&self, (option, value): &Setting) -> Outcome {
        let number = option.number().to_string();
        self.ask("set", &[number.into(), value.encode()])?;
        Ok(())
    }

    fn bind(&self, endpoint: &str) -> Outcome<String> {
        let bound = self.ask_text("bind", endpoint)?;
        bound.ok_or_else(|| Failure::new("bound, and nobody says where"))
    }

    fn connect(&self, endpoint: &str) -> Outcome {
        self.ask_text("connect", endpoint).map(drop)
    }

    fn disconnect(&self, endpoint: &str) -> Outcome {
        self.ask_text("disconnect", endpoint).map(drop)
    }

    fn send(&self, message: &Frames, wait: Duration) -> Outcome<Sent> {
        let answer = self.ask("send", &joined(&[millis(wait)], message))?;
        Sent::from_word(answer.first().map_or(&[], |word| word))
    }

    fn recv(&self, wait: Duration) -> Outcome<Option<Frames>> {
        let message = self.ask("recv", &[millis(wait)])?;
        Ok(Some(message).filter(|message| !message.is_empty()))
    }

    fn property(&self, name: &str) -> Outcome<Option<String>> {
        self.ask_text("property", name)
    }

    fn watch(&self) -> Outcome {
        self.ask("watch", &[]).map(drop)
    }

    fn event(&self, wait: Duration) -> Outcome<Option<Happening>> {
        let answer = self.ask("event", &[millis(wait)])?;
        let number = answer
            .first()
            .map(|number| str::from_utf8(number))
            .transpose()?;
        Ok(number.map(str::parse).transpose()?.map(Happening))
    }

    fn close(self: Box<Self>) -> Outcome {
        Ok(())
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        // Its process may be gone, or going.
        let _ = self.ask("close", &[]);
    }
}

fn executable() -> Outcome<PathBuf> {
    let known = EXECUTABLE.get().cloned();
    known.ok_or_else(|| Failure::new("nobody has said where the executable is"))
}

fn millis(wait: Duration) -> Bytes {
    wait.as_millis().to_string().into()
}
