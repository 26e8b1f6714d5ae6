//! REQ against services that answer each request once and in order, as a REP does,
//! whatever else happens: the reply that is received is the one that was asked
//! for, and it is received once it is there.

use std::collections::VecDeque;

use ferromq_compliance::pattern::model::Gauge;
use ferromq_compliance::pattern::{FarEnd, Marks, Socket};
use ferromq_core::{Message, PatternOption, Slot, TryRecvError, TrySendError};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::abandoned::abandon;
use crate::compliance::ReqProfile;

#[derive(Debug, Clone, Copy)]
enum Step {
    Join(u8),
    Dial(u8),
    Ready(u8),
    Lost(u8),
    Leave(u8),
    Detach(u8),
    Ask,
    Promise,
    Keep,
    Break,
    Abandon,
    Receive,
    /// A service answers its oldest request, or any.
    Answer(u8, u8),
    /// A service loses a request.
    Lose(u8),
    /// A service sends what nobody has asked for.
    Babble(u8, bool),
}

fn step() -> impl Strategy<Value = Step> {
    (0..39_u8, any::<u8>(), any::<u8>()).prop_map(|(kind, which, more)| match kind {
        0 => Step::Join(which),
        1 => Step::Dial(which),
        2 | 3 => Step::Ready(which),
        4 => Step::Lost(which),
        5 => Step::Leave(which),
        6 => Step::Detach(which),
        7..=14 => Step::Ask,
        15 => Step::Promise,
        16 => Step::Keep,
        17 => Step::Break,
        18..=21 => Step::Abandon,
        22..=27 => Step::Receive,
        28..=35 => Step::Answer(which, more),
        36 => Step::Lose(which),
        _ => Step::Babble(which, more % 2 == 0),
    })
}

/// A service and the connection to it.
struct Service {
    far: FarEnd,
    gauge: Gauge,
    dialed: bool,
    connected: bool,
    present: bool,
    /// Requests that wait for a connection.
    waiting: VecDeque<Message>,
    /// Requests that it has and has not answered, oldest first.
    requests: VecDeque<Message>,
}

/// The request that the socket waits for.
struct Waiting {
    number: usize,
    service: usize,
    answered: bool,
}

struct Model {
    req: Socket<ReqProfile>,
    services: Vec<Service>,
    /// So many of them at a time.
    limit: usize,
    correlate: bool,
    relaxed: bool,
    waiting: Option<Waiting>,
    slot: Option<(usize, Slot)>,
    requests: usize,
}

impl Model {
    fn new(limit: usize, correlate: bool, relaxed: bool) -> Self {
        let mut req = Socket::new();
        assert_eq!(req.set(&PatternOption::ReqCorrelate(correlate)), Ok(()));
        assert_eq!(req.set(&PatternOption::ReqRelaxed(relaxed)), Ok(()));
        Self {
            req,
            services: Vec::new(),
            limit,
            correlate,
            relaxed,
            waiting: None,
            slot: None,
            requests: 0,
        }
    }

    fn check(mut self, steps: Vec<Step>) {
        for step in steps {
            self.step(step);
            self.deliver();
            let answered = self
                .waiting
                .as_ref()
                .is_some_and(|waiting| waiting.answered);
            assert_eq!(self.req.is_readable(), answered, "after {step:?}");
        }
    }

    fn step(&mut self, step: Step) -> Option<()> {
        match step {
            Step::Join(mark) => self.join(mark, false),
            Step::Dial(mark) => self.join(mark, true),
            Step::Ready(which) => {
                let service = self.pick(which)?;
                let service = &mut self.services[service];
                if !std::mem::replace(&mut service.connected, true) {
                    self.req.ready(&mut service.far);
                }
            }
            Step::Lost(which) => {
                let service = self.pick(which)?;
                let service = &mut self.services[service];
                if service.dialed && std::mem::take(&mut service.connected) {
                    service.requests.clear();
                    self.req.lost(&service.far);
                }
            }
            Step::Leave(which) => {
                let service = self.pick(which)?;
                self.services[service].present = false;
                self.services[service].far.leave();
            }
            Step::Detach(which) => {
                let service = self.pick(which)?;
                self.services[service].present = false;
                self.req.detach(&self.services[service].far);
                let mut waiting = self.waiting.iter_mut();
                if let Some(waiting) = waiting.find(|waiting| waiting.service == service) {
                    waiting.answered = false;
                }
            }
            Step::Ask => self.ask(),
            Step::Promise => self.promise(),
            Step::Keep => {
                let (service, slot) = self.slot.take()?;
                self.requests += 1;
                let request = Message::from(self.requests.to_string());
                self.req.commit(&self.services[service].far, slot, &request);
                self.asked(service);
            }
            Step::Break => {
                let (service, slot) = self.slot.take()?;
                self.services[service].gauge.unsend();
                self.req.release(slot);
            }
            Step::Abandon => {
                self.waiting = None;
                let let_go = abandon(&self.req)?;
                let mut services = self.services.iter_mut();
                let service = services.find(|service| service.far.id == let_go);
                let service = service.expect("a service");
                assert!(!self.correlate && service.present && service.far.is_let_go());
                service.present = false;
            }
            Step::Receive => self.receive(),
            Step::Answer(which, request) => self.answer(which, request)?,
            Step::Lose(which) => {
                let service = self.pick(which).filter(|_| self.correlate)?;
                self.services[service].requests.pop_front();
            }
            Step::Babble(which, plain) => self.babble(which, plain)?,
        }
        Some(())
    }

    fn join(&mut self, mark: u8, dialed: bool) {
        let services = self.services.iter();
        if services.filter(|service| service.present).count() == self.limit {
            return;
        }
        let mark = [1, 2, 5, 0][usize::from(mark % 4)];
        let marks = Marks {
            send: mark,
            receive: 0,
        };
        let far = match dialed {
            true => self.req.dial(marks),
            false => self.req.join(marks),
        };
        self.services.push(Service {
            far,
            gauge: Gauge::new(mark),
            dialed,
            connected: !dialed,
            present: true,
            waiting: VecDeque::new(),
            requests: VecDeque::new(),
        });
    }

    /// One of the services that are there.
    fn pick(&self, which: u8) -> Option<usize> {
        let services = self.services.iter().enumerate();
        let present: Vec<_> = services.filter(|(_, service)| service.present).collect();
        let at = usize::from(which).checked_rem(present.len())?;
        Some(present[at].0)
    }

    /// What the socket should say to a request now.
    fn verdict(&self) -> Result<(), TrySendError> {
        let mut services = self.services.iter();
        let busy = self.waiting.is_some() && !self.relaxed;
        if busy || self.slot.is_some() {
            Err(TrySendError::OutOfTurn)
        } else if services.any(|service| service.present && service.gauge.has_room()) {
            Ok(())
        } else {
            Err(TrySendError::Full)
        }
    }

    fn ask(&mut self) {
        let verdict = self.verdict();
        self.requests += 1;
        let request = Message::from(self.requests.to_string());
        let before = self.pipes();
        assert_eq!(self.req.send(&request), verdict);
        if verdict.is_ok() {
            let after = self.pipes();
            let changed = before.iter().zip(&after).position(|(was, is)| was != is);
            let service = changed.expect("the request went somewhere");
            self.services[service].gauge.send();
            self.asked(service);
        }
    }

    fn promise(&mut self) {
        let Some(any) = self.services.first() else {
            return;
        };
        let verdict = self.verdict();
        match self.req.reserve(&any.far) {
            Ok(Slot::Peer(peer)) => {
                assert_eq!(verdict, Ok(()));
                let mut services = self.services.iter();
                let service = services.position(|service| service.far.id == peer);
                let service = service.expect("a slot of a service");
                self.services[service].gauge.send();
                self.slot = Some((service, Slot::Peer(peer)));
            }
            other => assert_eq!(other.map(drop), verdict),
        }
    }

    /// How many requests wait for each service's connection.
    fn pipes(&mut self) -> Vec<usize> {
        let waiting = self.services.iter_mut().map(|service| {
            service.waiting.extend(service.far.drain());
            service.waiting.len()
        });
        waiting.collect()
    }

    fn asked(&mut self, service: usize) {
        self.waiting = Some(Waiting {
            number: self.requests,
            service,
            answered: false,
        });
    }

    fn receive(&mut self) {
        let expected = match &self.waiting {
            None => Err(TryRecvError::OutOfTurn),
            Some(waiting) if !waiting.answered => Err(TryRecvError::Empty),
            Some(waiting) => Ok(Message::from(waiting.number.to_string())),
        };
        assert_eq!(self.req.recv(), expected);
        if expected.is_ok() {
            self.waiting = None;
        }
    }

    fn answer(&mut self, which: u8, request: u8) -> Option<()> {
        let at = self.pick(which)?;
        let service = &mut self.services[at];
        // What has numbers may be answered in any order.
        let request = match self.correlate {
            true => usize::from(request).checked_rem(service.requests.len())?,
            false => 0,
        };
        let reply = service.requests.remove(request)?;
        assert_eq!(service.far.push(&reply), Ok(()));
        let number = reply.as_str().ok()?.parse::<usize>().ok()?;
        let mut waiting = self.waiting.iter_mut();
        if let Some(waiting) = waiting.find(|waiting| waiting.number == number) {
            waiting.answered = true;
        }
        Some(())
    }

    fn babble(&mut self, which: u8, plain: bool) -> Option<()> {
        let at = self.pick(which)?;
        let service = &mut self.services[at];
        if !service.connected {
            return None;
        }
        let asked = self
            .waiting
            .as_ref()
            .is_some_and(|waiting| waiting.service == at);
        let idle = !asked && service.requests.is_empty() && service.waiting.is_empty();
        let words = match (plain, self.correlate || idle) {
            (true, true) => Message::from_frames(["", "stray"]),
            (true, false) => Message::from_frames([""]),
            (false, _) => Message::from_frames(["mal", "formed"]),
        };
        assert_eq!(service.far.push(&words), Ok(()));
        Some(())
    }

    /// Moves what the connections there are take.
    fn deliver(&mut self) {
        for service in &mut self.services {
            service.waiting.extend(service.far.drain());
            if service.connected && service.present {
                for request in service.waiting.drain(..) {
                    service.requests.push_back(request);
                    service.gauge.take();
                    service.far.release(1);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn plain_requests(limit in 1..4_usize, steps in vec(step(), 0..100)) {
        Model::new(limit, false, false).check(steps);
    }

    #[test]
    fn correlated_requests(limit in 1..4_usize, steps in vec(step(), 0..100)) {
        Model::new(limit, true, false).check(steps);
    }

    #[test]
    fn relaxed_and_correlated_requests(limit in 1..4_usize, steps in vec(step(), 0..100)) {
        Model::new(limit, true, true).check(steps);
    }
}
