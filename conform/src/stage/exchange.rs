//! How messages are exchanged where more than a call is needed.

use std::time::{Duration, Instant};

use super::player::shown;
use super::{A_WHILE, SOON, Stage};
use crate::errno::Errno;
use crate::parcel::Parcel;
use crate::scenario::Role;

/// How long a receive waits before the other sockets have their turn.
const SLICE: Duration = Duration::from_millis(5);

/// A socket without a high-water mark is taken to be without one after so many.
const MANY: usize = 100_000;

impl Stage<'_> {
    pub(super) fn receive(&mut self, role: Role, patience: Duration) -> Result<Parcel, Errno> {
        let deadline = Instant::now() + patience;
        loop {
            match self.player(role).receive(SLICE) {
                Err(Errno::Again) if Instant::now() < deadline => self.attend(),
                outcome => return outcome,
            }
        }
    }

    pub(super) fn try_send(&mut self, role: Role, frames: &[&str]) -> Result<String, Errno> {
        self.attend();
        self.player(role).send(Parcel::new(frames), Duration::ZERO)
    }

    /// What goes on in the background makes room now and then: it is refused when it is
    /// refused for a while.
    pub(super) fn fill(&mut self, role: Role) -> Result<String, Errno> {
        for number in 0..MANY {
            let parcel = Parcel::new([number.to_string()]);
            match self.player(role).send(parcel, A_WHILE) {
                Ok(_) => {}
                Err(Errno::Again) => return Ok(format!("{number} and no more")),
                Err(errno) => return Err(errno),
            }
        }
        Ok("no end".to_owned())
    }

    pub(super) fn drain(&mut self, role: Role) -> Result<String, Errno> {
        let mut count = 0;
        let mut ends = None;
        loop {
            match self.receive(role, A_WHILE) {
                Ok(parcel) => {
                    count += 1;
                    let last = shown(&parcel);
                    let (first, _) = ends.unwrap_or_else(|| (last.clone(), String::new()));
                    ends = Some((first, last));
                }
                Err(Errno::Again) => break,
                Err(errno) => return Err(errno),
            }
        }
        Ok(match ends {
            Some((first, last)) => format!("{count}, from {first} to {last}"),
            None => "none".to_owned(),
        })
    }

    pub(super) fn await_topics(&mut self, role: Role, wanted: usize) -> Result<String, Errno> {
        let reached = self.until(SOON, |stage| {
            let topics = stage
                .player(role)
                .socket()
                .and_then(|socket| socket.topics());
            match topics {
                Ok(count) if count == wanted => Some(Ok(())),
                Ok(_) => None,
                Err(errno) => Some(Err(errno)),
            }
        });
        match reached {
            Ok(Ok(())) => Ok(format!("{wanted} topics")),
            Ok(Err(errno)) => Err(errno),
            Err(_) => {
                let topics = self.player(role).socket()?.topics()?;
                Ok(format!("{topics} topics, not {wanted}"))
            }
        }
    }

    /// libzmq may take a moment to let a peer go.
    pub(super) fn send_until_refused(&mut self, role: Role) -> Result<String, Errno> {
        let until = Instant::now() + SOON;
        loop {
            match self.player(role).send(Parcel::new(["?"]), A_WHILE) {
                Err(Errno::Again) | Ok(_) if Instant::now() < until => {}
                outcome => return outcome,
            }
        }
    }

    /// What is under way when a connection ends may be lost.
    pub(super) fn send_until_received(
        &mut self,
        role: Role,
        other: Role,
        probe: &Parcel,
    ) -> Result<String, Errno> {
        let until = Instant::now() + SOON;
        while Instant::now() < until {
            self.player(role).send(probe.clone(), SOON)?;
            if self.receive(other, Duration::from_millis(50)).is_ok() {
                // There may be more of them; this one comes last.
                let mut last = probe.clone();
                last.frames = vec![b"!".to_vec()];
                self.player(role).send(last.clone(), SOON)?;
                while self.receive(other, SOON)?.frames != last.frames {}
                return Ok("received".to_owned());
            }
        }
        Err(Errno::Again)
    }
}
