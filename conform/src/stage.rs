//! Where a scenario is played.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::errno::Errno;
use crate::parcel::Parcel;
use crate::scenario::{Carrier, Mix, Role, Scenario, Step};
use crate::socket::{Maker, Socket};

/// What must happen happens in so much time.
const SOON: Duration = Duration::from_secs(10);

/// What must not happen is waited for so long.
const A_WHILE: Duration = Duration::from_millis(100);

/// A number that no peer has.
const NOBODY: u32 = 7;

/// Plays a scenario, and returns the script: a line for what came of each step.
///
/// # Panics
///
/// If a socket cannot be made.
#[must_use]
pub fn play(scenario: &Scenario<'_>, mix: Mix, carrier: Carrier) -> Vec<String> {
    let mut stage = Stage::new(scenario, mix, carrier);
    let script = scenario.steps.iter().map(|step| {
        let outcome = match stage.perform(*step) {
            Ok(seen) => seen,
            Err(errno) => format!("{errno:?}"),
        };
        format!("{step:?}: {outcome}")
    });
    script.collect()
}

struct Stage<'a> {
    scenario: &'a Scenario<'a>,
    mix: Mix,
    carrier: Carrier,
    first: Player,
    second: Player,
    endpoint: String,
}

/// A socket, and the number of the peer that it has heard of last.
struct Player {
    socket: Box<dyn Socket>,
    knows: u32,
}

impl Player {
    fn new(maker: Maker, kind: ferromq::SocketType) -> Self {
        let socket = maker.make(kind).expect("a socket");
        Self { socket, knows: 0 }
    }

    fn send(&mut self, parcel: Parcel, wait: Duration) -> Result<String, Errno> {
        let parcel = parcel.to(self.knows);
        self.socket.send(&parcel, wait).map(|()| "sent".to_owned())
    }

    fn receive(&mut self, wait: Duration) -> Result<String, Errno> {
        let parcel = self.socket.recv(wait)?;
        self.knows = parcel.peer;
        let frames = parcel.frames.iter().map(|frame| shown(frame));
        let frames = frames.collect::<Vec<_>>().join("|");
        Ok(match parcel.group {
            Some(group) => format!("{group}: {frames}"),
            None => frames,
        })
    }
}

/// A frame's text, or its length if it is long.
fn shown(frame: &[u8]) -> String {
    match frame.len() {
        0..=100 => String::from_utf8_lossy(frame).into_owned(),
        length => format!("{length} bytes"),
    }
}

impl<'a> Stage<'a> {
    fn new(scenario: &'a Scenario<'a>, mix: Mix, carrier: Carrier) -> Self {
        Self {
            scenario,
            mix,
            carrier,
            first: Player::new(mix.first, scenario.first),
            second: Player::new(mix.second, scenario.second),
            endpoint: String::new(),
        }
    }

    fn player(&mut self, role: Role) -> &mut Player {
        match role {
            Role::First => &mut self.first,
            Role::Second => &mut self.second,
        }
    }

    fn perform(&mut self, step: Step) -> Result<String, Errno> {
        let done = |()| "done".to_owned();
        match step {
            Step::Meet => {
                let connects = self.bind()?;
                let endpoint = self.endpoint.clone();
                self.player(connects).socket.connect(&endpoint).map(done)
            }
            Step::MeetPeer => {
                let connects = self.bind()?;
                let endpoint = self.endpoint.clone();
                let player = self.player(connects);
                player.knows = player.socket.connect_peer(&endpoint)?;
                Ok(format!("a number: {}", player.knows != 0))
            }
            Step::Send(role, frames) => self.player(role).send(Parcel::new(frames), A_WHILE),
            Step::SendLarge(role, size) => {
                let parcel = Parcel::new([vec![b'L'; size]]);
                self.player(role).send(parcel, SOON)
            }
            Step::SendToNobody(role) => {
                let socket = &mut self.player(role).socket;
                let parcel = Parcel::new(["to nobody"]).to(NOBODY);
                socket.send(&parcel, A_WHILE).map(done)
            }
            Step::SendToGroup(role, group, body) => {
                let parcel = Parcel::new([body]).in_group(group);
                self.player(role).send(parcel, A_WHILE)
            }
            Step::SendUntilRefused(role) => self.send_until_refused(role),
            Step::SendUntilReceived(role) => self.send_until_received(role),
            Step::Receive(role) => self.player(role).receive(SOON),
            Step::Join(role, group) => self.player(role).socket.join(group).map(done),
            Step::JoinLong(role, length) => {
                let group = "g".repeat(length);
                self.player(role).socket.join(&group).map(done)
            }
            Step::Leave(role, group) => self.player(role).socket.leave(group).map(done),
            Step::Sync(group) => self.sync(group),
            Step::DisconnectPeer(role) => {
                let player = self.player(role);
                player.socket.disconnect_peer(player.knows).map(done)
            }
            Step::DisconnectNobody(role) => {
                self.player(role).socket.disconnect_peer(NOBODY).map(done)
            }
            Step::Restart => self.restart(),
        }
    }

    /// Lets one bind, and says who connects.
    fn bind(&mut self) -> Result<Role, Errno> {
        static NAMES: AtomicU32 = AtomicU32::new(0);
        let wildcard = match self.carrier {
            Carrier::Tcp => "tcp://127.0.0.1:*".to_owned(),
            Carrier::Ipc => {
                let number = NAMES.fetch_add(1, Ordering::Relaxed);
                let name = format!("ferromq-conform-{}-{number}", std::process::id());
                format!("ipc://{}", std::env::temp_dir().join(name).display())
            }
        };
        let binds = self.mix.binds;
        self.endpoint = self.player(binds).socket.bind(&wildcard)?;
        Ok(binds.other())
    }

    /// libzmq may take a moment to let a peer go.
    fn send_until_refused(&mut self, role: Role) -> Result<String, Errno> {
        let until = Instant::now() + SOON;
        loop {
            match self.player(role).send(Parcel::new(["?"]), A_WHILE) {
                Err(Errno::Again) | Ok(_) if Instant::now() < until => {}
                outcome => return outcome,
            }
        }
    }

    /// What is under way when a connection ends may be lost.
    fn send_until_received(&mut self, role: Role) -> Result<String, Errno> {
        let until = Instant::now() + SOON;
        while Instant::now() < until {
            self.player(role).send(Parcel::new(["?"]), A_WHILE)?;
            if self.player(role.other()).receive(A_WHILE).is_ok() {
                // There may be more of them; this one comes last.
                self.player(role).send(Parcel::new(["!"]), A_WHILE)?;
                while self.player(role.other()).receive(SOON)? != "!" {}
                return Ok("received".to_owned());
            }
        }
        Err(Errno::Again)
    }

    /// What the second has joined before is known to the first when it knows this group.
    fn sync(&mut self, group: &str) -> Result<String, Errno> {
        let probe = Parcel::new(["sync"]).in_group(group);
        let until = Instant::now() + SOON;
        while Instant::now() < until {
            self.first.send(probe.clone(), A_WHILE)?;
            if self.second.receive(A_WHILE).is_ok() {
                // Probes that are still on their way come before the mark.
                self.first
                    .send(Parcel::new(["mark"]).in_group(group), A_WHILE)?;
                while self.second.receive(SOON)? != format!("{group}: mark") {}
                return Ok("in sync".to_owned());
            }
        }
        Err(Errno::Again)
    }

    fn restart(&mut self) -> Result<String, Errno> {
        let (mix, scenario) = (self.mix, self.scenario);
        let (maker, kind) = match mix.binds {
            Role::First => (mix.first, scenario.first),
            Role::Second => (mix.second, scenario.second),
        };
        // The old one is dropped, and lets the endpoint go in the background.
        *self.player(mix.binds) = Player::new(maker, kind);
        let endpoint = self.endpoint.clone();
        let until = Instant::now() + SOON;
        loop {
            match self.player(mix.binds).socket.bind(&endpoint) {
                Ok(_) => return Ok("back".to_owned()),
                Err(errno) if Instant::now() > until => return Err(errno),
                // There is nobody to tell when it is free.
                Err(_) => thread::sleep(Duration::from_millis(10)),
            }
        }
    }
}
