//! What a socket can do in a scenario.

use crate::event::Happening;
use crate::opt::Opt;
use crate::scenario::{Mix, Role};

/// Something that happens. What comes of it is a line of the script.
///
/// What has to happen is waited for, long enough for any machine; only
/// [`Nothing`](Self::Nothing) and [`Drain`](Self::Drain) wait for what must not.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// Binds to an endpoint that nobody has.
    Bind(Role),
    /// Binds to the endpoint of the second, or again to its own.
    BindWhere(Role, Role),
    /// Binds to an endpoint as it stands here; what comes of it is said, not where.
    BindTo(Role, &'static str),
    /// The first connects to where the second is bound.
    Connect(Role, Role),
    /// Connects to an endpoint as it stands here.
    ConnectTo(Role, &'static str),
    /// The first connects to where the second will be bound.
    ConnectEarly(Role, Role),
    /// The first binds, unless it is, and the second connects; both have seen the
    /// other's handshake then, but for `inproc`.
    Meet(Role, Role),
    /// The first binds and the second connects by `zmq_connect_peer`, whose number it
    /// knows then.
    MeetPeer(Role, Role),
    /// The first binds, unless it is, and the second connects by a wire that can be
    /// cut and stalled; both have seen the other's handshake then.
    MeetByWire(Role, Role),
    /// The wires are cut: who tries to connect again can.
    Cut,
    /// The wires carry nothing any more, and nobody is told.
    Stall,
    /// The first connects to the second by way of a SOCKS5 proxy, which wants this user
    /// and password, or none of them if they are empty.
    ConnectBySocks(Role, Role, [&'static str; 2]),
    /// The first lets go what is connected to the second.
    Disconnect(Role, Role),
    /// Lets go where it is bound.
    Unbind(Role),
    /// Lets go an endpoint as it stands here.
    UnbindFrom(Role, &'static str),
    /// Closes the socket.
    Close(Role),
    /// Makes the socket anew, with the options it began with.
    Open(Role),
    /// Closes the socket, makes it anew, and binds it where it was.
    Restart(Role),
    /// Sets an option.
    Set(Role, Opt),
    /// Joins a group.
    Join(Role, &'static str),
    /// Joins a group whose name has so many letters.
    JoinLong(Role, usize),
    /// Leaves a group.
    Leave(Role, &'static str),
    /// Lets the peer go that it knows.
    DisconnectPeer(Role),
    /// Lets the peer go that nobody is.
    DisconnectNobody(Role),
    /// Sends a message of these frames; a SERVER or PEER to the peer that it knows.
    Send(Role, &'static [&'static str]),
    /// The same, without waiting.
    TrySend(Role, &'static [&'static str]),
    /// The same, until it is refused: a library may take a moment to let a peer go whose
    /// connection has ended.
    TrySendUntilRefused(Role, &'static [&'static str]),
    /// Sends to the peer, by its id, from whom it has received last.
    Answer(Role, &'static [&'static str]),
    /// Sends the same frame so often, without waiting.
    TrySendTimes(Role, usize, &'static str),
    /// Sends frames `0`, `1`, ... without waiting, until it is refused; says how many.
    Fill(Role),
    /// Sends so many bytes.
    SendLarge(Role, usize),
    /// Sends to the number that nobody has.
    SendToNobody(Role),
    /// Sends to a group.
    SendToGroup(Role, &'static str, &'static str),
    /// Sends until it is refused for another reason than that it has to wait.
    SendUntilRefused(Role),
    /// The first sends until the second receives.
    SendUntilReceived(Role, Role),
    /// The first sends to a group until the second receives, which it has joined last.
    SyncGroup(Role, Role, &'static str),
    /// Receives; of whom is known from then on.
    Receive(Role),
    /// A property of who has sent what was received last.
    Property(Role, &'static str),
    /// Receives, and says how long the frames are.
    ReceiveShape(Role),
    /// Receives for a while, where nothing is to come.
    Nothing(Role),
    /// Receives until nothing has come for a while; says how many messages there were,
    /// and the first and the last.
    Drain(Role),
    /// The next events of the monitor, so many.
    Events(Role, usize),
    /// How many messages wait for the peer, and from it; the next event that tells it.
    Queues(Role),
    /// Waits for an event, whatever else happens before.
    Await(Role, Happening),
    /// Whether such an event happens within a while, whatever else does.
    Happens(Role, Happening),
    /// Waits until a publisher or subscriber knows of so many topics.
    AwaitTopics(Role, usize),
    /// How many topics a publisher or subscriber knows of now.
    Topics(Role),
    /// Waits until something can be received.
    AwaitReadable(Role),
    /// Waits until something can be sent.
    AwaitWritable(Role),
    /// Whether something can be received, and whether something can be sent.
    Readiness(Role),
    /// Whether a ROUTER has room for the peer of that id.
    RoomFor(Role, &'static str),
    /// Has the STREAM know the peer that it has connected to last.
    KnowNewest(Role),
    /// Whether the last endpoint is where the second is bound.
    LastEndpoint(Role, Role),
    /// The first two are the sides of a proxy from now on, and do nothing else.
    Proxy(Role, Role),
    /// Tells the proxy to do something.
    Steer(&'static str),
    /// What the proxy answers: the numbers in it.
    ProxyAnswers,
    /// What the proxy shows of what it has passed on.
    Captured,
    /// Has the proxy end; its sides are sockets as before then.
    EndProxy,
    /// A client of bytes connects, and says that it is a socket of this type.
    Hail(Role, &'static str),
    /// A client of bytes connects, and says nothing.
    Knock(Role),
    /// The client of bytes says something.
    Utter(&'static [u8]),
    /// The client of bytes hears this, or has its connection closed.
    Hear(usize),
    /// The client of bytes closes its connection.
    HangUp,
}

impl Step {
    /// Whether nothing can follow where it fails.
    pub(crate) fn is_meeting(self) -> bool {
        matches!(
            self,
            Self::Meet(..) | Self::MeetPeer(..) | Self::MeetByWire(..)
        )
    }

    /// Whether the step can be done if these make the sockets.
    pub(crate) fn allows(self, mix: Mix) -> bool {
        match self {
            Self::Proxy(front, back) => mix.maker(front) == mix.maker(back),
            _ => true,
        }
    }
}
