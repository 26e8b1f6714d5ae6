//! STREAM and ROUTER tell of peers that come and go, each in its place among what the peer
//! has sent, against a model: what the application should still receive of each.

use std::collections::VecDeque;

use bytes::Bytes;
use ferromq_compliance::pattern::{FarEnd, Marks, Profile, Socket};
use ferromq_core::{Message, PatternOption, PeerInfo};
use ferromq_pattern_router::Router;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::compliance::RouterProfile;
use crate::stream::{TellingProfile, last_id};

/// A socket that tells of its peers.
trait Tells: Profile {
    /// The id of the peer that has just been attached.
    fn newest(socket: &Socket<Self>, far: &FarEnd) -> Bytes;

    /// Lets the peer go.
    fn end(socket: &mut Socket<Self>, far: &FarEnd);
}

impl Tells for TellingProfile {
    fn newest(socket: &Socket<Self>, _far: &FarEnd) -> Bytes {
        last_id(socket)
    }

    /// By sending nothing.
    fn end(socket: &mut Socket<Self>, far: &FarEnd) {
        assert_eq!(socket.say(far, &Message::new()), Ok(()));
    }
}

/// A ROUTER that tells of its peers.
struct NotifyingProfile;

impl Profile for NotifyingProfile {
    type Pattern = Router;

    fn set_up(socket: &mut Socket<Self>) {
        let both = PatternOption::RouterNotify {
            connect: true,
            disconnect: true,
        };
        assert_eq!(socket.set(&both), Ok(()));
    }

    fn info(nth: u32) -> PeerInfo {
        RouterProfile::info(nth)
    }
}

impl Tells for NotifyingProfile {
    fn newest(_socket: &Socket<Self>, far: &FarEnd) -> Bytes {
        Self::info(far.nth).identity
    }

    fn end(socket: &mut Socket<Self>, far: &FarEnd) {
        socket.detach(far);
    }
}

/// A connection, and what the application should still receive of it.
struct Connection {
    far: FarEnd,
    id: Bytes,
    dialed: bool,
    up: bool,
    present: bool,
    due: VecDeque<Message>,
}

struct Model<P: Profile> {
    socket: Socket<P>,
    all: Vec<Connection>,
}

impl Connection {
    fn due(&mut self, bytes: &'static str) {
        let message = Message::from_frames([self.id.clone(), Bytes::from(bytes)]);
        self.due.push_back(message);
    }
}

impl<P: Tells> Model<P> {
    /// Does some steps: what each is, and to which connection.
    fn check(steps: Vec<(u8, u8)>) {
        let mut model = Self {
            socket: Socket::new(),
            all: Vec::new(),
        };
        for (step, which) in steps {
            match (step, model.pick(which)) {
                (0, _) => model.attach(true),
                (1, _) | (_, None) => model.attach(false),
                (step, Some(at)) => model.step(step, at),
            }
        }
        while model.receive() {}
    }

    /// One of the connections that are there.
    fn pick(&self, which: u8) -> Option<usize> {
        let present = |at: &usize| self.all[*at].present;
        let present: Vec<_> = (0..self.all.len()).filter(present).collect();
        let at = usize::from(which).checked_rem(present.len())?;
        present.get(at).copied()
    }

    fn attach(&mut self, dialed: bool) {
        let far = match dialed {
            true => self.socket.dial(Marks::default()),
            false => self.socket.join(Marks::default()),
        };
        self.socket.settle();
        let id = P::newest(&self.socket, &far);
        let mut connection = Connection {
            far,
            id: id.clone(),
            dialed,
            up: !dialed,
            present: true,
            due: VecDeque::new(),
        };
        connection.far.name = id;
        if !dialed {
            connection.due("");
        }
        self.all.push(connection);
    }

    fn step(&mut self, step: u8, at: usize) {
        let connection = &mut self.all[at];
        match step {
            2 if !connection.up => {
                connection.up = true;
                self.socket.ready(&mut connection.far);
                connection.due("");
            }
            3 if connection.dialed && connection.up => {
                connection.up = false;
                self.socket.lost(&connection.far);
                connection.due("");
                // The application keeps up, or the next connection would be told
                // of too early.
                while self.receive() {}
            }
            4 => {
                connection.present = false;
                connection.far.leave();
                if connection.up {
                    connection.due("");
                }
            }
            5 => {
                connection.present = false;
                connection.due.clear();
                P::end(&mut self.socket, &connection.far);
                assert!(connection.far.is_let_go());
            }
            6..=8 if connection.up => {
                assert_eq!(connection.far.push(&Message::from("data")), Ok(()));
                connection.due("data");
            }
            _ => _ = self.receive(),
        }
    }

    /// Receives a message, if one is there, and checks that it is due.
    fn receive(&mut self) -> bool {
        let Ok(message) = self.socket.recv() else {
            let done = self.all.iter().all(|connection| connection.due.is_empty());
            assert!(done, "there was something to receive");
            return false;
        };
        let mut all = self.all.iter_mut();
        let from = all.find(|connection| connection.far.id.get() == message.origin());
        let due = from.and_then(|connection| connection.due.pop_front());
        assert_eq!(Some(message), due);
        true
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_stream_tells_of_connections_in_order(steps in vec((0..14_u8, any::<u8>()), 0..100)) {
        Model::<TellingProfile>::check(steps);
    }

    #[test]
    fn a_router_tells_of_peers_in_order(steps in vec((0..14_u8, any::<u8>()), 0..100)) {
        Model::<NotifyingProfile>::check(steps);
    }
}
