//! A socket as a command uses it: opened as the arguments say, watched, and with
//! an explanation for everything that does not happen in time.

use std::collections::VecDeque;
use std::future::pending;
use std::io::{self, IsTerminal};
use std::pin::pin;
use std::time::Duration;

use ferromq::{
    AnySocket, DefaultContext, Defaults, Message, Options, PatternOption, RecvError, SendFailure,
    SocketType, TcpOptions, UdpOptions,
};
use tokio::time::sleep;

use super::args::Link;
use super::watch::{PATIENCE, Watch};
use crate::failure::Failure;
use crate::note;

/// How often a RADIO looks whether somebody has joined a group.
const GLANCE: Duration = Duration::from_millis(5);

/// A socket, bound and connected.
pub(crate) struct Session {
    socket: AnySocket,
    watch: Watch,
    timeout: Option<Duration>,
    /// Whether nobody is known to be at the other end.
    connectionless: bool,
}

impl Session {
    /// Opens a socket with these options of its pattern.
    ///
    /// # Errors
    ///
    /// [`Failure::Link`] for an endpoint that cannot be bound or connected to, and
    /// [`Failure::Option`] for an identity that is none.
    pub(crate) async fn open(
        kind: SocketType,
        link: &Link,
        pattern: &[PatternOption],
    ) -> Result<Self, Failure> {
        let context = DefaultContext::context();
        let socket = ferromq::socket(&context, kind, options(link)?)
            .map_err(|_| Failure::Usage("this build has no sockets of that type"))?;
        for option in pattern {
            socket.set(option)?;
        }
        let watch = Watch::new(&socket, &link.endpoints.connect, link.monitor);
        for endpoint in &link.endpoints.bind {
            check(endpoint)?;
            let bound = socket.bind(endpoint).await?;
            if bound.as_str() != endpoint && endpoint.contains('*') {
                note(&format_args!("listening at {bound}"));
            }
        }
        for endpoint in &link.endpoints.connect {
            check(endpoint)?;
            if kind == SocketType::Peer {
                let number = socket.connect_peer(endpoint)?;
                note(&format_args!("{number} is the peer at {endpoint}"));
            } else {
                socket.connect(endpoint)?;
            }
        }
        let timeout = link.timeout;
        Ok(Self {
            socket,
            watch,
            timeout,
            connectionless: link.is_connectionless(),
        })
    }

    /// Does the work with this socket, unless it turns out to be in vain.
    pub(crate) async fn guard<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        tokio::select! {
            biased;
            done = work => done,
            failure = self.watch.failure() => Err(failure),
        }
    }

    /// Sends a message when a peer has room for it.
    ///
    /// # Errors
    ///
    /// [`Failure::TimedOut`] if that takes too long.
    pub(crate) async fn send(&self, message: Message) -> Result<(), Failure> {
        let sent = self.socket.send(message).await;
        sent.map_err(|error| self.not_sent(error.reason()))
    }

    /// Sends all the messages.
    pub(crate) async fn send_many(&self, messages: &mut VecDeque<Message>) -> Result<(), Failure> {
        let sent = self.socket.send_many(messages).await;
        sent.map_err(|reason| self.not_sent(reason))
    }

    /// Receives a message.
    ///
    /// # Errors
    ///
    /// [`Failure::TimedOut`] if none comes for too long.
    pub(crate) async fn recv(&self) -> Result<Message, Failure> {
        let received = self.socket.recv().await;
        received.map_err(|error| self.not_received(error))
    }

    /// Receives messages: at least one, and those behind it.
    pub(crate) async fn recv_many(
        &self,
        into: &mut Vec<Message>,
        limit: usize,
    ) -> Result<usize, Failure> {
        let received = self.socket.recv_many(into, limit).await;
        received.map_err(|error| self.not_received(error))
    }

    /// Receives and forgets, forever.
    pub(crate) async fn drain(&self) -> Result<(), Failure> {
        loop {
            match self.socket.recv().await {
                Ok(_) | Err(RecvError::Timeout) => {}
                // Whoever closes it knows.
                Err(_) => pending().await,
            }
        }
    }

    /// Waits until the socket has had a peer, if one can be seen.
    pub(crate) async fn met(&self) {
        if !self.connectionless {
            self.watch.met().await;
        }
    }

    /// Waits until somebody has joined a group, if that can be seen.
    ///
    /// # Errors
    ///
    /// [`Failure::TimedOut`] if that takes too long.
    pub(crate) async fn is_wanted(&self) -> Result<(), Failure> {
        let wanted = async {
            // Nobody is told of joins; they are looked for.
            while self.socket.topics() == Some(0) && !self.connectionless {
                sleep(GLANCE).await;
            }
        };
        let Some(limit) = self.timeout else {
            wanted.await;
            return Ok(());
        };
        let joined = tokio::time::timeout(limit, wanted).await;
        joined.map_err(|_| self.timed_out("nobody joined a group"))
    }

    /// Waits for something, and tells people that it does if that takes a while.
    pub(crate) async fn wait<T>(&self, what: &str, something: impl Future<Output = T>) -> T {
        let mut something = pin!(something);
        tokio::select! {
            biased;
            it = &mut something => return it,
            () = sleep(PATIENCE) => {}
        }
        if io::stderr().is_terminal() {
            note(&format_args!("waiting for {what}"));
        }
        something.await
    }

    /// Closes the socket when all is delivered.
    ///
    /// # Errors
    ///
    /// [`Failure::TimedOut`] if that takes too long.
    pub(crate) async fn finish(&self) -> Result<(), Failure> {
        let Some(limit) = self.timeout else {
            self.socket.close().await;
            return Ok(());
        };
        let closed = tokio::time::timeout(limit, self.socket.close()).await;
        closed.map_err(|_| self.timed_out("not everything was delivered"))
    }

    fn not_sent(&self, reason: SendFailure) -> Failure {
        match reason {
            SendFailure::Timeout => self.timed_out("no peer took the message"),
            reason => reason.into(),
        }
    }

    fn not_received(&self, error: RecvError) -> Failure {
        match error {
            RecvError::Timeout => self.timed_out("no message came"),
            error => error.into(),
        }
    }

    fn timed_out(&self, what: &'static str) -> Failure {
        let limit = self.timeout.unwrap_or_default();
        Failure::TimedOut(what, limit, self.watch.trouble())
    }
}

fn options(link: &Link) -> Result<Options, Failure> {
    let options = Options::new()
        .send_high_water(link.hwm)
        .receive_high_water(link.hwm)
        .send_timeout(link.timeout)
        .receive_timeout(link.timeout)
        .transport(TcpOptions::new().ipv6(link.wants_ipv6()))
        .transport(UdpOptions::new().ipv6(link.wants_ipv6()));
    match &link.identity {
        Some(id) => Ok(options.routing_id(id.clone())?),
        None => Ok(options),
    }
}

/// Refuses endpoints that are of no use to a command.
fn check(endpoint: &str) -> Result<(), Failure> {
    match endpoint.starts_with("inproc://") {
        true => Err(Failure::Inproc(endpoint.into())),
        false => Ok(()),
    }
}
