//! REP against a model: each request is received once, in turn, and each reply
//! goes to who has asked, in the envelope that its request came in.

use std::collections::VecDeque;

use bytes::Bytes;
use ferromq_compliance::pattern::model::{Gauge, Turns};
use ferromq_compliance::pattern::{FarEnd, Marks, Socket};
use ferromq_core::{Message, Slot, TryRecvError, TrySendError};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::compliance::RepProfile;

#[derive(Debug, Clone)]
enum Step {
    Join(u8),
    Leave(u8),
    Detach(u8),
    /// A client sends a request in an envelope of such hops, or no request at all.
    Request(u8, Option<Vec<u8>>),
    Receive,
    Reply,
    Promise,
    Keep,
    Break,
    Take(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let hops = vec(1..=255_u8, 0..4);
    (0..43_u8, any::<u8>(), hops).prop_map(|(kind, which, hops)| match kind {
        0 => Step::Join(which),
        1 => Step::Leave(which),
        2 => Step::Detach(which),
        3 | 4 => Step::Request(which, None),
        5..=14 => Step::Request(which, Some(hops)),
        15..=22 => Step::Receive,
        23..=28 => Step::Reply,
        29 | 30 => Step::Promise,
        31 | 32 => Step::Keep,
        33 => Step::Break,
        _ => Step::Take(which),
    })
}

struct Client {
    far: FarEnd,
    gauge: Gauge,
    present: bool,
    /// What it has sent and the socket has not received.
    requests: VecDeque<Request>,
    /// What was sent to it and it has not taken.
    replies: VecDeque<Message>,
}

struct Request {
    wire: Message,
    /// The envelope and the body; nothing if it is malformed.
    asks: Option<(Message, Message)>,
}

struct Model {
    rep: Socket<RepProfile>,
    clients: Vec<Client>,
    turns: Turns,
    /// Who has asked, and the envelope.
    asked: Option<(usize, Message)>,
    slot: Option<Slot>,
    numbers: usize,
}

impl Model {
    fn check(steps: Vec<Step>) {
        let mut model = Self {
            rep: Socket::new(),
            clients: Vec::new(),
            turns: Turns::default(),
            asked: None,
            slot: None,
            numbers: 0,
        };
        for step in steps {
            model.step(step);
            model.note();
        }
    }

    fn step(&mut self, step: Step) -> Option<()> {
        match step {
            Step::Join(mark) => self.join([1, 2, 5, 0][usize::from(mark % 4)]),
            Step::Leave(which) => {
                let client = self.pick(which)?;
                self.clients[client].present = false;
                self.clients[client].far.leave();
            }
            Step::Detach(which) => {
                let client = self.pick(which)?;
                self.clients[client].present = false;
                self.clients[client].requests.clear();
                self.rep.detach(&self.clients[client].far);
            }
            Step::Request(which, hops) => self.request(which, hops)?,
            Step::Receive => self.receive(),
            Step::Reply => self.reply(),
            Step::Promise => self.promise(),
            Step::Keep => {
                let slot = self.slot.take()?;
                let (client, envelope) = self.asked.take()?;
                let body = self.number();
                let held = matches!(slot, Slot::Peer(_));
                self.rep.commit(&self.clients[client].far, slot, &body);
                if held {
                    let client = &mut self.clients[client];
                    client.replies.push_back(within(&envelope, &body));
                }
            }
            Step::Break => {
                let slot = self.slot.take()?;
                if let (Slot::Peer(_), Some((client, _))) = (&slot, &self.asked) {
                    self.clients[*client].gauge.unsend();
                }
                self.rep.release(slot);
            }
            Step::Take(which) => {
                let client = self.pick(which)?;
                let client = &mut self.clients[client];
                let reply = client.replies.pop_front();
                if reply.is_some() {
                    client.gauge.take();
                }
                assert_eq!(client.far.pop().ok(), reply);
            }
        }
        Some(())
    }

    fn join(&mut self, mark: usize) {
        let marks = Marks {
            send: mark,
            receive: 0,
        };
        self.clients.push(Client {
            far: self.rep.join(marks),
            gauge: Gauge::new(mark),
            present: true,
            requests: VecDeque::new(),
            replies: VecDeque::new(),
        });
    }

    /// One of the clients that are there.
    fn pick(&self, which: u8) -> Option<usize> {
        let clients = self.clients.iter().enumerate();
        let present: Vec<_> = clients.filter(|(_, client)| client.present).collect();
        let at = usize::from(which).checked_rem(present.len())?;
        Some(present[at].0)
    }

    fn number(&mut self) -> Message {
        self.numbers += 1;
        Message::from(self.numbers.to_string())
    }

    fn request(&mut self, which: u8, hops: Option<Vec<u8>>) -> Option<()> {
        let client = self.pick(which)?;
        let body = self.number();
        let request = match hops {
            Some(hops) => {
                let hops = hops.into_iter();
                let hops = hops.map(|size| Bytes::from(vec![b'h'; 2 * usize::from(size)]));
                let envelope = Message::from_frames(hops.chain([Bytes::new()]));
                Request {
                    wire: within(&envelope, &body),
                    asks: Some((envelope, body)),
                }
            }
            None => Request {
                wire: body,
                asks: None,
            },
        };
        let client = &mut self.clients[client];
        assert_eq!(client.far.push(&request.wire), Ok(()));
        client.requests.push_back(request);
        Some(())
    }

    fn receive(&mut self) {
        let received = match self.rep.recv() {
            Ok(request) => request,
            Err(TryRecvError::OutOfTurn) => return assert!(self.asked.is_some()),
            Err(_) => {
                assert!(self.asked.is_none(), "it was the turn to send");
                let mut clients = self.clients.iter();
                let asks = |request: &Request| request.asks.is_some();
                let any = clients.any(|client| client.requests.iter().any(asks));
                return assert!(!any, "there was a request");
            }
        };
        assert!(self.asked.is_none(), "it was not the turn to receive");
        let mut clients = self.clients.iter();
        let from = clients.position(|client| client.far.id.get() == received.origin());
        let from = from.expect("a request of a client");
        let asks = loop {
            let request = self.clients[from].requests.pop_front();
            let request = request.expect("a request that was sent");
            if let Some(asks) = request.asks {
                break asks;
            }
        };
        assert_eq!(received, asks.1);
        self.turns.serve(self.clients[from].far.id.get());
        self.asked = Some((from, asks.0));
    }

    fn reply(&mut self) {
        let body = self.number();
        let sent = self.rep.send(&body);
        if self.asked.is_none() || self.slot.is_some() {
            return assert_eq!(sent, Err(TrySendError::OutOfTurn));
        }
        assert_eq!(sent, Ok(()));
        let Some((client, envelope)) = self.asked.take() else {
            return;
        };
        let client = &mut self.clients[client];
        if client.present && client.gauge.has_room() {
            client.gauge.send();
            client.replies.push_back(within(&envelope, &body));
        }
    }

    fn promise(&mut self) {
        let Some((client, _)) = self.asked.as_ref().filter(|_| self.slot.is_none()) else {
            return;
        };
        let client = &mut self.clients[*client];
        let slot = self.rep.reserve(&client.far).expect("the turn");
        let has_room = client.present && client.gauge.has_room();
        assert_eq!(matches!(slot, Slot::Peer(_)), has_room);
        if has_room {
            client.gauge.send();
        }
        self.slot = Some(slot);
    }

    /// Notes whose turn may come: what is malformed may cost it.
    fn note(&mut self) {
        for client in &self.clients {
            let mut requests = client.requests.iter();
            let able =
                !client.requests.is_empty() && requests.all(|request| request.asks.is_some());
            self.turns.note(client.far.id.get(), able);
        }
    }
}

/// The body in the envelope.
fn within(envelope: &Message, body: &Message) -> Message {
    let frames = envelope.clone().into_frames().into_iter();
    Message::from_frames(frames.chain(body.clone().into_frames()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn rep_does_as_the_model(steps in vec(step(), 0..100)) {
        Model::check(steps);
    }
}
