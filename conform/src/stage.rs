//! Where a scenario is played.

mod exchange;
mod links;
mod player;
mod raw;
mod relay;
mod socks;

use std::thread;
use std::time::{Duration, Instant};

use self::player::{Player, shown, shown_numbers};
use self::raw::Client;
use self::relay::Relay;
use crate::device::{self, Device};
use crate::endpoint;
use crate::errno::Errno;
use crate::event::Happening;
use crate::parcel::Parcel;
use crate::scenario::{Carrier, Mix, Role, Scenario};
use crate::step::Step;

/// What must happen happens in so much time.
pub(crate) const SOON: Duration = Duration::from_secs(10);

/// What must not happen is waited for so long.
pub(crate) const A_WHILE: Duration = Duration::from_millis(250);

/// A number that no peer has.
const NOBODY: u32 = 7;

/// How it is played.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Staging {
    /// Who makes which socket.
    pub(crate) mix: Mix,
    /// What they are connected by.
    pub(crate) carrier: Carrier,
    /// Whether those bind that connect as it is written, and the other way round.
    pub(crate) is_turned: bool,
}

/// Plays a scenario, and returns the script: a line for what came of each step. It ends
/// where sockets do not meet.
pub(crate) fn play(scenario: &Scenario, staging: Staging) -> Result<Vec<String>, Errno> {
    let mut stage = Stage::new(scenario, staging)?;
    let mut script = Vec::new();
    for step in scenario.steps {
        let outcome = stage.perform(*step);
        let is_over = outcome.is_err() && step.is_meeting();
        let seen = outcome.unwrap_or_else(|errno| format!("{errno:?}"));
        script.push(format!("{step:?}: {seen}"));
        if is_over {
            break;
        }
    }
    Ok(script)
}

struct Stage<'a> {
    // A proxy lets go of its sockets before they are closed.
    device: Option<Box<dyn Device>>,
    scenario: &'a Scenario,
    staging: Staging,
    players: Vec<Player>,
    relays: Vec<Relay>,
    client: Option<Client>,
}

impl<'a> Stage<'a> {
    fn new(scenario: &'a Scenario, staging: Staging) -> Result<Self, Errno> {
        let roles = [Role::A, Role::B, Role::C, Role::D];
        let cast = scenario.cast.iter().zip(roles);
        let players = cast.map(|(actor, role)| Player::new(staging.mix.maker(role), *actor));
        Ok(Self {
            device: None,
            scenario,
            staging,
            players: players.collect::<Result<_, _>>()?,
            relays: Vec::new(),
            client: None,
        })
    }

    fn player(&mut self, role: Role) -> &mut Player {
        &mut self.players[role as usize]
    }

    /// Has every library do what only happens when a socket is used, as it does in a
    /// program whose sockets all are.
    fn attend(&mut self) {
        if self.device.is_none() {
            for player in &mut self.players {
                player.attend();
            }
        }
    }

    /// Asks until there is an answer, or it is too late for one.
    fn until<T>(
        &mut self,
        patience: Duration,
        mut ask: impl FnMut(&mut Self) -> Option<T>,
    ) -> Result<T, Errno> {
        let deadline = Instant::now() + patience;
        loop {
            self.attend();
            if let Some(answer) = ask(self) {
                return Ok(answer);
            }
            if Instant::now() > deadline {
                return Err(Errno::Again);
            }
            // The two libraries have no event in common that all of this could wait for.
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn perform(&mut self, step: Step) -> Result<String, Errno> {
        let done = |()| "done".to_owned();
        match step {
            Step::Bind(role) => self.bind(role).map(done),
            Step::BindWhere(role, other) => {
                let endpoint = self.endpoint(other)?;
                self.player(role).bind(&endpoint).map(done)
            }
            Step::BindTo(role, endpoint) => self.player(role).bind(endpoint).map(done),
            Step::Connect(role, other) => {
                let endpoint = self.endpoint(other)?;
                self.player(role).socket()?.connect(&endpoint).map(done)
            }
            Step::ConnectTo(role, endpoint) => {
                self.player(role).socket()?.connect(endpoint).map(done)
            }
            Step::ConnectEarly(role, other) => {
                let endpoint = endpoint::unused(self.staging.carrier);
                self.player(other).endpoint = Some(endpoint.clone());
                self.player(role).socket()?.connect(&endpoint).map(done)
            }
            Step::Meet(role, other) => self.meet(role, other),
            Step::MeetPeer(role, other) => self.meet_peer(role, other),
            Step::MeetByWire(role, other) => self.meet_by_wire(role, other),
            Step::Cut => {
                self.relays.iter().for_each(Relay::cut);
                Ok("cut".to_owned())
            }
            Step::Stall => {
                self.relays.iter().for_each(Relay::stall);
                Ok("stalled".to_owned())
            }
            Step::ConnectBySocks(role, other, login) => self.connect_by_socks(role, other, login),
            Step::Disconnect(role, other) => {
                let endpoint = self.endpoint(other)?;
                self.player(role).socket()?.disconnect(&endpoint).map(done)
            }
            Step::Unbind(role) => {
                let endpoint = self.endpoint(role)?;
                self.player(role).socket()?.unbind(&endpoint).map(done)
            }
            Step::UnbindFrom(role, endpoint) => {
                self.player(role).socket()?.unbind(endpoint).map(done)
            }
            Step::Close(role) => {
                self.player(role).close();
                Ok("closed".to_owned())
            }
            Step::Open(role) => self.player(role).open().map(done),
            Step::Restart(role) => self.restart(role),
            _ => self.perform_on_socket(step),
        }
    }

    /// Steps that are about one socket that is there.
    fn perform_on_socket(&mut self, step: Step) -> Result<String, Errno> {
        let done = |()| "done".to_owned();
        match step {
            Step::Set(role, option) => self.player(role).socket()?.set(option).map(done),
            Step::Join(role, group) => self.player(role).socket()?.join(group).map(done),
            Step::JoinLong(role, length) => {
                let group = "g".repeat(length);
                self.player(role).socket()?.join(&group).map(done)
            }
            Step::Leave(role, group) => self.player(role).socket()?.leave(group).map(done),
            Step::DisconnectPeer(role) => {
                let player = self.player(role);
                let peer = player.knows;
                player.socket()?.disconnect_peer(peer).map(done)
            }
            Step::DisconnectNobody(role) => self
                .player(role)
                .socket()?
                .disconnect_peer(NOBODY)
                .map(done),
            Step::AwaitTopics(role, wanted) => self.await_topics(role, wanted),
            Step::Topics(role) => {
                self.attend();
                let topics = self.player(role).socket()?.topics()?;
                Ok(format!("{topics} topics"))
            }
            Step::AwaitReadable(role) => {
                self.until(SOON, |stage| stage.player(role).readiness().0.then_some(()))?;
                Ok("readable".to_owned())
            }
            Step::AwaitWritable(role) => {
                self.until(SOON, |stage| stage.player(role).readiness().1.then_some(()))?;
                Ok("writable".to_owned())
            }
            Step::Readiness(role) => {
                let (readable, writable) = self.player(role).readiness();
                Ok(format!("readable {readable}, writable {writable}"))
            }
            Step::RoomFor(role, id) => {
                self.attend();
                let room = self.player(role).socket()?.has_room_for(id.as_bytes())?;
                Ok(format!("{room}"))
            }
            Step::KnowNewest(role) => {
                let id = self.player(role).socket()?.newest_id()?;
                self.player(role).peer = Some(id);
                Ok("known".to_owned())
            }
            Step::LastEndpoint(role, other) => {
                let endpoint = self.endpoint(other)?;
                let last = self.player(role).socket()?.last_endpoint()?;
                Ok(if last == endpoint {
                    "the same".to_owned()
                } else {
                    last
                })
            }
            Step::Queues(_) | Step::Events(..) | Step::Await(..) | Step::Happens(..) => {
                self.perform_watching(step)
            }
            Step::Proxy(front, back) => {
                let front = self.player(front).socket()?.handle();
                let back = self.player(back).socket()?.handle();
                self.device = Some(device::start(front, back)?);
                Ok("passes on".to_owned())
            }
            Step::Steer(_) | Step::ProxyAnswers | Step::Captured | Step::EndProxy => {
                self.perform_on_device(step)
            }
            Step::Hail(..) | Step::Knock(_) | Step::Utter(_) | Step::Hear(_) | Step::HangUp => {
                self.perform_raw(step)
            }
            _ => self.perform_exchange(step),
        }
    }

    /// Steps that send or receive.
    fn perform_exchange(&mut self, step: Step) -> Result<String, Errno> {
        match step {
            Step::Send(role, frames) => self.player(role).send(Parcel::new(frames), SOON),
            Step::TrySend(role, frames) => self.try_send(role, frames),
            Step::TrySendUntilRefused(role, frames) => {
                Err(self.until(SOON, |stage| stage.try_send(role, frames).err())?)
            }
            Step::Answer(role, frames) => {
                let player = self.player(role);
                let id = player.peer.clone().unwrap_or_default();
                let mut parcel = Parcel::new(frames);
                parcel.frames.insert(0, id);
                player.send(parcel, SOON)
            }
            Step::TrySendTimes(role, times, frame) => {
                for _ in 0..times {
                    self.try_send(role, &[frame])?;
                }
                Ok("sent".to_owned())
            }
            Step::Fill(role) => self.fill(role),
            Step::SendLarge(role, size) => {
                let parcel = Parcel::new([vec![b'L'; size]]);
                self.player(role).send(parcel, SOON)
            }
            Step::SendToNobody(role) => {
                let parcel = Parcel::new(["to nobody"]).to(NOBODY);
                let sent = self.player(role).socket()?.send(&parcel, A_WHILE);
                sent.map(|()| "sent".to_owned())
            }
            Step::SendToGroup(role, group, body) => {
                let parcel = Parcel::new([body]).in_group(group);
                self.player(role).send(parcel, SOON)
            }
            Step::SendUntilRefused(role) => self.send_until_refused(role),
            Step::SendUntilReceived(role, other) => {
                self.send_until_received(role, other, &Parcel::new(["?"]))
            }
            Step::SyncGroup(role, other, group) => {
                self.send_until_received(role, other, &Parcel::new(["?"]).in_group(group))
            }
            Step::Receive(role) => Ok(shown(&self.receive(role, SOON)?)),
            Step::ReceiveShape(role) => {
                let parcel = self.receive(role, SOON)?;
                let lengths = parcel.frames.iter().map(|frame| frame.len().to_string());
                Ok(format!("lengths {}", lengths.collect::<Vec<_>>().join("|")))
            }
            Step::Property(role, name) => {
                let value = self.player(role).socket()?.property(name);
                Ok(value.unwrap_or_else(|| "none".to_owned()))
            }
            Step::Nothing(role) => match self.receive(role, A_WHILE) {
                Ok(parcel) => Ok(shown(&parcel)),
                Err(Errno::Again) => Ok("nothing".to_owned()),
                Err(errno) => Err(errno),
            },
            Step::Drain(role) => self.drain(role),
            _ => Err(Errno::Unsupported),
        }
    }

    fn perform_on_device(&mut self, step: Step) -> Result<String, Errno> {
        let device = self.device.as_mut().ok_or(Errno::NotFound)?;
        match step {
            Step::Steer(command) => device.tell(command).map(|()| "told".to_owned()),
            Step::ProxyAnswers => Ok(shown_numbers(&device.answer(SOON)?)),
            Step::Captured => Ok(shown(&device.captured(SOON)?)),
            _ => {
                device.end()?;
                self.device = None;
                Ok("ended".to_owned())
            }
        }
    }

    fn perform_watching(&mut self, step: Step) -> Result<String, Errno> {
        match step {
            Step::Queues(role) => {
                self.player(role).socket()?.report_queues()?;
                self.until(SOON, |stage| match stage.player(role).event() {
                    Some(Happening::Queues(outbound, inbound)) => {
                        Some(format!("{outbound} for it, {inbound} from it"))
                    }
                    _ => None,
                })
            }
            Step::Events(role, count) => {
                let mut seen = Vec::new();
                while seen.len() < count {
                    match self.next_event(role, SOON) {
                        Ok(event) => seen.push(format!("{event:?}")),
                        Err(_) => break,
                    }
                }
                Ok(seen.join(", "))
            }
            Step::Await(role, wanted) => {
                self.await_event(role, wanted, SOON)?;
                Ok("happened".to_owned())
            }
            Step::Happens(role, event) => Ok(match self.await_event(role, event, A_WHILE * 2) {
                Ok(()) => "yes".to_owned(),
                Err(_) => "no".to_owned(),
            }),
            _ => Err(Errno::Unsupported),
        }
    }
}
