//! How sockets come together and apart.

use std::thread;
use std::time::{Duration, Instant};

use ferromq::SocketType;

use super::relay::Relay;
use super::{SOON, Stage, socks};
use crate::endpoint;
use crate::errno::Errno;
use crate::event::Happening;
use crate::scenario::{Carrier, Role};

impl Stage<'_> {
    /// Where a socket is bound.
    pub(super) fn endpoint(&mut self, role: Role) -> Result<String, Errno> {
        let endpoint = self.player(role).endpoint.clone();
        endpoint.ok_or(Errno::NotFound)
    }

    pub(super) fn bind(&mut self, role: Role) -> Result<(), Errno> {
        let endpoint = endpoint::fresh(self.staging.carrier);
        self.player(role).bind(&endpoint)
    }

    /// Lets one bind, unless it is, and says who that is, who connects, and where.
    fn stand_ready(&mut self, role: Role, other: Role) -> Result<(Role, Role, String), Errno> {
        let is_turned = self.scenario.either_binds && self.staging.is_turned;
        let (binds, connects) = if is_turned {
            (other, role)
        } else {
            (role, other)
        };
        if self.player(binds).endpoint.is_none() {
            self.bind(binds)?;
        }
        let endpoint = self.endpoint(binds)?;
        Ok((binds, connects, endpoint))
    }

    pub(super) fn meet(&mut self, role: Role, other: Role) -> Result<String, Errno> {
        let (binds, connects, endpoint) = self.stand_ready(role, other)?;
        self.player(connects).socket()?.connect(&endpoint)?;
        self.await_both(binds, connects)
    }

    pub(super) fn meet_peer(&mut self, role: Role, other: Role) -> Result<String, Errno> {
        let (_, connects, endpoint) = self.stand_ready(role, other)?;
        let player = self.player(connects);
        player.knows = player.socket()?.connect_peer(&endpoint)?;
        Ok(format!("a number: {}", player.knows != 0))
    }

    pub(super) fn meet_by_wire(&mut self, role: Role, other: Role) -> Result<String, Errno> {
        let (binds, connects, endpoint) = self.stand_ready(role, other)?;
        let relay = Relay::to(&endpoint).map_err(|_| Errno::Other(0))?;
        self.player(connects).socket()?.connect(&relay.endpoint)?;
        self.relays.push(relay);
        self.await_both(binds, connects)
    }

    pub(super) fn connect_by_socks(
        &mut self,
        role: Role,
        other: Role,
        login: [&'static str; 2],
    ) -> Result<String, Errno> {
        let endpoint = self.endpoint(other)?;
        let proxy = socks::serve(login).map_err(|_| Errno::Other(0))?;
        let socket = self.player(role).socket()?;
        socket.connect_by(&proxy.address, login, &endpoint)?;
        self.await_event(role, Happening::HandshakeSucceeded, SOON)?;
        let passed = proxy.passed.load(std::sync::atomic::Ordering::Acquire);
        Ok(format!("connected, by the proxy: {passed}"))
    }

    /// Waits until both sides have a connection that is ready.
    fn await_both(&mut self, binds: Role, connects: Role) -> Result<String, Errno> {
        if self.staging.carrier != Carrier::Inproc {
            // Bytes have no handshake.
            let is_raw = self.player(binds).kind() == SocketType::Stream;
            let (accepted, connected) = if is_raw {
                (Happening::Accepted, Happening::Connected)
            } else {
                (Happening::HandshakeSucceeded, Happening::HandshakeSucceeded)
            };
            self.await_event(connects, connected, SOON)?;
            self.await_event(binds, accepted, SOON)?;
        }
        self.attend();
        Ok("met".to_owned())
    }

    pub(super) fn next_event(&mut self, role: Role, wait: Duration) -> Result<Happening, Errno> {
        self.until(wait, |stage| stage.player(role).event())
    }

    pub(super) fn await_event(
        &mut self,
        role: Role,
        wanted: Happening,
        patience: Duration,
    ) -> Result<(), Errno> {
        let deadline = Instant::now() + patience;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if self.next_event(role, left)? == wanted {
                return Ok(());
            }
        }
    }

    /// The new one has the endpoint of the old one, which lets it go in the background.
    pub(super) fn restart(&mut self, role: Role) -> Result<String, Errno> {
        let endpoint = self.endpoint(role)?;
        let player = self.player(role);
        player.close();
        player.open()?;
        let until = Instant::now() + SOON;
        loop {
            match self.player(role).bind(&endpoint) {
                Ok(()) => return Ok("back".to_owned()),
                Err(errno) if Instant::now() > until => return Err(errno),
                // There is nobody to tell when it is free.
                Err(_) => thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}
