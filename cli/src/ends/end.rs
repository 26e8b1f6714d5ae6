//! One end of a pattern: a socket that knows its peer.

use std::collections::VecDeque;
use std::sync::OnceLock;
use std::time::Duration;

use ferromq::{
    AnySocket, Context, Endpoint, IntoMessage, Message, Options, PatternOption, SocketType,
};
use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval};

use super::pattern::{Pattern, Role};
use crate::failure::Failure;

/// How often a publisher calls for its subscriber.
const CALL: Duration = Duration::from_millis(1);

/// One end of a pattern.
pub(crate) struct End {
    pub(crate) pattern: Pattern,
    pub(crate) role: Role,
    socket: AnySocket,
    /// The frame in front of each message that says whom it is for, or from; only
    /// ROUTER and STREAM have it.
    peer: OnceLock<Message>,
}

/// By which a publisher learns, apart from the sockets, that its subscriber hears
/// it: this side of it.
pub(crate) enum Hearing {
    /// The publisher's side.
    Await(oneshot::Receiver<()>),
    /// The subscriber's side.
    Tell(oneshot::Sender<()>),
}

impl Hearing {
    /// The side of an end of that role, and the other side.
    pub(crate) fn of(role: Role) -> (Self, Self) {
        let (tell, heard) = oneshot::channel();
        let (source, sink) = (Self::Await(heard), Self::Tell(tell));
        match role {
            Role::Source => (source, sink),
            Role::Sink => (sink, source),
        }
    }

    /// The channel's half of it.
    pub(super) fn split(self) -> (Option<oneshot::Sender<()>>, Option<oneshot::Receiver<()>>) {
        match self {
            Self::Await(heard) => (None, Some(heard)),
            Self::Tell(tell) => (Some(tell), None),
        }
    }
}

impl End {
    /// A socket that loses nothing and waits instead.
    pub(crate) fn new(
        context: &Context,
        pattern: Pattern,
        role: Role,
        options: Options,
    ) -> Result<Self, Failure> {
        let kind = pattern.socket_type(role);
        let socket = ferromq::socket(context, kind, options)
            .map_err(|_| Failure::Usage("this build has no sockets of that type"))?;
        for option in settings(pattern, role) {
            socket.set(&option)?;
        }
        Ok(Self {
            pattern,
            role,
            socket,
            peer: OnceLock::new(),
        })
    }

    pub(crate) async fn bind(&self, endpoint: &str) -> Result<Endpoint, Failure> {
        Ok(self.socket.bind(endpoint).await?)
    }

    pub(crate) fn connect(&self, endpoint: &str) -> Result<(), Failure> {
        Ok(self.socket.connect(endpoint)?)
    }

    /// Waits until what is sent from now on arrives.
    pub(crate) async fn meet(&self, hearing: Hearing) -> Result<(), Failure> {
        match (self.pattern, self.role) {
            // They are told that the peer is there, with its id.
            (Pattern::RouterRouter, Role::Source) | (Pattern::Stream, _) => {
                self.recv().await.map(drop)
            }
            // The one subscribes, the other hears of it.
            (Pattern::XpubXsub, Role::Sink) => self.send(Message::from(b"\x01")).await,
            (Pattern::XpubXsub, Role::Source) => self.recv().await.map(drop),
            (Pattern::PubSub, _) => match hearing {
                Hearing::Await(heard) => self.call(heard).await,
                Hearing::Tell(tell) => {
                    self.socket.recv().await?;
                    // The publisher may have given up.
                    let _ = tell.send(());
                    Ok(())
                }
            },
            _ => Ok(()),
        }
    }

    /// Publishes empty messages until somebody hears them. A PUB is not told who
    /// subscribes.
    async fn call(&self, mut heard: oneshot::Receiver<()>) -> Result<(), Failure> {
        let mut calls = interval(CALL);
        calls.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                heard = &mut heard => {
                    return heard.map_err(|_| Failure::Companion("has gone".into()));
                }
                _ = calls.tick() => self.send(Message::new()).await?,
            }
        }
    }

    /// Sends a message to the peer.
    #[inline]
    pub(crate) async fn send(&self, message: impl IntoMessage) -> Result<(), Failure> {
        let sent = match self.peer.get() {
            None => self.socket.send(message).await,
            Some(peer) => {
                let mut message = message.into_message();
                message.push_front(peer.clone().into_body());
                self.socket.send(message).await
            }
        };
        sent.map_err(|error| Failure::Send(error.reason()))
    }

    /// Sends messages to the peer, at once.
    pub(crate) async fn send_many(&self, messages: &mut VecDeque<Message>) -> Result<(), Failure> {
        messages
            .iter_mut()
            .for_each(|message| self.address(message));
        Ok(self.socket.send_many(messages).await?)
    }

    /// Receives a message from the peer.
    #[inline]
    pub(crate) async fn recv(&self) -> Result<Message, Failure> {
        loop {
            let mut message = self.socket.recv().await?;
            self.open(&mut message);
            if !self.is_call(&message) {
                return Ok(message);
            }
        }
    }

    /// Receives messages from the peer: at least one, and those behind it.
    pub(crate) async fn recv_many(
        &self,
        into: &mut Vec<Message>,
        limit: usize,
    ) -> Result<(), Failure> {
        let old = into.len();
        while into.len() == old {
            self.socket.recv_many(into, limit).await?;
            into.iter_mut()
                .skip(old)
                .for_each(|message| self.open(message));
            if self.pattern == Pattern::PubSub {
                into.retain(|message| !self.is_call(message));
            }
        }
        Ok(())
    }

    /// Closes the socket when all has left.
    pub(crate) async fn close(&self) {
        self.socket.close().await;
    }

    /// Puts the peer's id in front.
    #[inline]
    fn address(&self, message: &mut Message) {
        if let Some(peer) = self.peer.get() {
            message.push_front(peer.clone().into_body());
        }
    }

    /// Takes the peer's id off.
    #[inline]
    fn open(&self, message: &mut Message) {
        let kind = self.pattern.socket_type(self.role);
        if matches!(kind, SocketType::Router | SocketType::Stream) {
            let peer = message.pop_front();
            self.peer
                .get_or_init(|| peer.map(Message::from).unwrap_or_default());
        }
    }

    /// Whether a publisher only wants to know who hears it.
    #[inline]
    fn is_call(&self, message: &Message) -> bool {
        self.pattern == Pattern::PubSub && message.is_empty()
    }
}

/// The options that make a socket of a pattern lose nothing.
fn settings(pattern: Pattern, role: Role) -> Vec<PatternOption> {
    match (pattern.socket_type(role), role) {
        (SocketType::Router, Role::Source) => vec![
            PatternOption::RouterMandatory(true),
            PatternOption::RouterNotify {
                connect: true,
                disconnect: false,
            },
        ],
        (SocketType::Router, Role::Sink) => vec![PatternOption::RouterMandatory(true)],
        (SocketType::Pub | SocketType::XPub, _) => vec![PatternOption::XpubNoDrop(true)],
        (SocketType::Sub, _) => vec![PatternOption::Subscribe(Vec::new().into())],
        _ => Vec::new(),
    }
}
