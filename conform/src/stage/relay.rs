//! A wire that can be cut and stalled: a relay between two ends of TCP.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// A relay, until it is dropped.
pub(super) struct Relay {
    /// Where to connect to it.
    pub(super) endpoint: String,
    wires: Arc<Wires>,
}

#[derive(Default)]
struct Wires {
    is_stalled: AtomicBool,
    /// Nobody may connect any more.
    is_over: AtomicBool,
    /// Both ends of all that was ever connected.
    ends: Mutex<Vec<TcpStream>>,
}

impl Relay {
    /// A relay to an endpoint of TCP.
    pub(super) fn to(endpoint: &str) -> io::Result<Self> {
        let target = endpoint.trim_start_matches("tcp://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let wires = Arc::<Wires>::default();
        let shared = wires.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.is_over.load(Ordering::Acquire) {
                    break;
                }
                if let Ok(other) = TcpStream::connect(&target) {
                    // A wire that cannot be laid is one that breaks at once.
                    let _ = shared.lay(&stream, &other);
                }
            }
        });
        Ok(Self {
            endpoint: format!("tcp://{address}"),
            wires,
        })
    }

    /// Cuts all wires; new ones are laid for whoever connects.
    pub(super) fn cut(&self) {
        for end in self.wires.ends().drain(..) {
            // It may be closed already.
            let _ = end.shutdown(Shutdown::Both);
        }
        self.wires.is_stalled.store(false, Ordering::Release);
    }

    /// Has all wires carry nothing, and look as if they did.
    pub(super) fn stall(&self) {
        self.wires.is_stalled.store(true, Ordering::Release);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.wires.is_over.store(true, Ordering::Release);
        self.cut();
        // Wakes who accepts.
        let _ = TcpStream::connect(self.endpoint.trim_start_matches("tcp://"));
    }
}

impl Wires {
    fn ends(&self) -> std::sync::MutexGuard<'_, Vec<TcpStream>> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lay(self: &Arc<Self>, one: &TcpStream, other: &TcpStream) -> io::Result<()> {
        for (from, to) in [(one, other), (other, one)] {
            self.ends().push(from.try_clone()?);
            let (from, to) = (from.try_clone()?, to.try_clone()?);
            let wires = self.clone();
            thread::spawn(move || {
                // However it ends, it is over for both.
                let _ = wires.carry(&from, &to);
                let _ = to.shutdown(Shutdown::Both);
            });
        }
        Ok(())
    }

    fn carry(&self, mut from: &TcpStream, mut to: &TcpStream) -> io::Result<()> {
        let mut buffer = vec![0; 65536];
        loop {
            let read = from.read(&mut buffer)?;
            while self.is_stalled.load(Ordering::Acquire) {
                // Whoever ends the stall tells nobody.
                thread::sleep(Duration::from_millis(2));
            }
            match buffer.get(..read) {
                Some(bytes) if read > 0 => to.write_all(bytes)?,
                _ => return Ok(()),
            }
        }
    }
}
