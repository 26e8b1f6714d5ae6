//! Proxies: messages passed on between two sockets.

use std::future::poll_fn;
use std::task::{Context, Poll};

use ferromq_core::{Message, SocketType};

use crate::any::AnySocket;
use crate::error::{RecvError, SendFailure};
use crate::ops::observer_key;

/// How many messages go one way before the other way has its turn.
const BURST: usize = 1000;

/// Passes messages on between two sockets, both ways, until it is told to end
/// or one of them closes (`zmq_proxy`).
///
/// A message is only taken from one side when the other can take it, so that
/// back-pressure passes through. The two sides may be the same socket.
#[derive(Debug)]
pub struct Proxy {
    frontend: AnySocket,
    backend: AnySocket,
    capture: Option<AnySocket>,
    control: Option<AnySocket>,
}

/// Why a proxy has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyEnd {
    /// The control socket said TERMINATE.
    Terminated,
    /// One of the sockets was closed.
    Closed,
}

/// What passed one side of a proxy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Passed {
    /// Frames received from this side's peers, and the bytes in them.
    pub received: (u64, u64),
    /// Frames sent to this side's peers, and the bytes in them.
    pub sent: (u64, u64),
}

/// The state of a running proxy.
#[derive(Default)]
struct State {
    paused: bool,
    frontend: Passed,
    backend: Passed,
    /// Messages that were taken when the other side had room, and then had none.
    to_backend: Option<Message>,
    to_frontend: Option<Message>,
}

impl Proxy {
    /// A proxy between two sockets: ROUTER and DEALER, XSUB and XPUB, PULL and PUSH,
    /// or any other two that can talk to each other's peers.
    #[must_use]
    pub fn new(frontend: impl Into<AnySocket>, backend: impl Into<AnySocket>) -> Self {
        let (frontend, backend) = (frontend.into(), backend.into());
        Self {
            frontend,
            backend,
            capture: None,
            control: None,
        }
    }

    /// Sends a copy of every message to `capture` too, if it can take it.
    #[must_use]
    pub fn capture(mut self, capture: impl Into<AnySocket>) -> Self {
        self.capture = Some(capture.into());
        self
    }

    /// Obeys the messages PAUSE, RESUME, TERMINATE and STATISTICS that `control`
    /// receives (`zmq_proxy_steerable`). STATISTICS is answered with eight frames,
    /// each a 64-bit number in this machine's byte order: frames and bytes received
    /// from the frontend, sent to it, received from the backend, sent to it. A REP
    /// answers the others with an empty message.
    #[must_use]
    pub fn control(mut self, control: impl Into<AnySocket>) -> Self {
        self.control = Some(control.into());
        self
    }

    /// Runs the proxy.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future ends the proxy. A message that was taken from one side
    /// and did not fit into the other after all is lost then, one each way at most.
    pub async fn run(self) -> ProxyEnd {
        let key = observer_key();
        let mut state = State::default();
        let end = poll_fn(|cx| self.poll(&mut state, key, cx)).await;
        self.observe(key, None);
        end
    }

    fn poll(&self, state: &mut State, key: u64, cx: &mut Context<'_>) -> Poll<ProxyEnd> {
        self.observe(key, Some(cx));
        let mut moved = false;
        if let Some(control) = &self.control {
            match self.obey(state, control) {
                Ok(obeyed) => moved |= obeyed,
                Err(end) => return Poll::Ready(end),
            }
        }
        if !state.paused {
            match self.pass(state) {
                Ok(passed) => moved |= passed,
                Err(end) => return Poll::Ready(end),
            }
        }
        if moved {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }

    /// Passes messages on, a burst each way.
    fn pass(&self, state: &mut State) -> Result<bool, ProxyEnd> {
        let State {
            frontend,
            backend,
            to_backend,
            to_frontend,
            ..
        } = state;
        let there = self.burst(&self.frontend, frontend, &self.backend, backend, to_backend)?;
        let back = self.burst(
            &self.backend,
            backend,
            &self.frontend,
            frontend,
            to_frontend,
        )?;
        Ok(there || back)
    }

    fn burst(
        &self,
        from: &AnySocket,
        from_passed: &mut Passed,
        to: &AnySocket,
        to_passed: &mut Passed,
        stuck: &mut Option<Message>,
    ) -> Result<bool, ProxyEnd> {
        let mut moved = false;
        for _ in 0..BURST {
            let message = match stuck.take() {
                Some(message) => message,
                None if !to.is_writable() => break,
                None => match from.try_recv() {
                    Ok(message) => {
                        count(&mut from_passed.received, &message);
                        self.show(&message);
                        message
                    }
                    Err(RecvError::Closed) => return Err(ProxyEnd::Closed),
                    Err(_) => break,
                },
            };
            match to.ops().send_now(&message) {
                Ok(()) => count(&mut to_passed.sent, &message),
                Err(SendFailure::WouldBlock) => {
                    *stuck = Some(message);
                    break;
                }
                Err(SendFailure::Closed) => return Err(ProxyEnd::Closed),
                // Not one that this side can pass on: dropped, as libzmq does.
                Err(_) => {}
            }
            moved = true;
        }
        Ok(moved)
    }

    /// Shows a message to the capture socket, which misses what it cannot take.
    fn show(&self, message: &Message) {
        if let Some(capture) = &self.capture {
            let _ = capture.try_send(message.clone());
        }
    }

    /// Obeys one command, if there is one.
    fn obey(&self, state: &mut State, control: &AnySocket) -> Result<bool, ProxyEnd> {
        let command = match control.try_recv() {
            Ok(command) => command,
            Err(RecvError::Closed) => return Err(ProxyEnd::Closed),
            Err(_) => return Ok(false),
        };
        let mut reply = (control.socket_type() == SocketType::Rep).then(Message::new);
        let mut end = None;
        match command.body() {
            b"PAUSE" => state.paused = true,
            b"RESUME" => state.paused = false,
            b"TERMINATE" => end = Some(ProxyEnd::Terminated),
            b"STATISTICS" => reply = Some(statistics(state)),
            _ => {}
        }
        if let Some(reply) = reply {
            // A control socket that only receives gets no answer.
            let _ = control.try_send(reply);
        }
        end.map_or(Ok(true), Err)
    }

    fn observe(&self, key: u64, cx: Option<&Context<'_>>) {
        let sockets = [
            Some(&self.frontend),
            Some(&self.backend),
            self.control.as_ref(),
        ];
        for socket in sockets.into_iter().flatten() {
            let waker = cx.map(|cx| cx.waker().clone());
            socket.ops().in_lane().observe(key, waker.clone());
            socket.ops().out_lane().observe(key, waker);
        }
    }
}

fn count((frames, bytes): &mut (u64, u64), message: &Message) {
    *frames += message.len() as u64;
    *bytes += message.size() as u64;
}

fn statistics(
    State {
        frontend, backend, ..
    }: &State,
) -> Message {
    let sides = [
        frontend.received,
        frontend.sent,
        backend.received,
        backend.sent,
    ];
    let numbers = sides
        .into_iter()
        .flat_map(|(frames, bytes)| [frames, bytes]);
    Message::from_frames(numbers.map(|number| number.to_ne_bytes().to_vec()))
}
