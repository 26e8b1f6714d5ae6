//! RADIO, DISH and DGRAM over `udp://`: the same happens, whoever makes which socket.
//!
//! A room of its own beside the scenarios, because there are no connections here to wait
//! for, and messages may be lost until both sides are there.

mod peer;

use std::net::UdpSocket;
use std::time::Duration;

use ferromq::SocketType::{Dgram, Dish, Push, Radio};

use crate::peer::{Failure, Frames, Maker, Peer};

const MIXES: [(Maker, Maker); 4] = [
    (Maker::Theirs, Maker::Theirs),
    (Maker::Theirs, Maker::Ours),
    (Maker::Ours, Maker::Theirs),
    (Maker::Ours, Maker::Ours),
];

/// What must happen happens in so much time.
const SOON: Duration = Duration::from_secs(10);

/// What may be lost is sent again after so much time.
const A_WHILE: Duration = Duration::from_millis(50);

/// A port that nobody has.
fn port() -> u16 {
    let socket = UdpSocket::bind("0.0.0.0:0").expect("the system has a port left");
    socket.local_addr().expect("it is bound").port()
}

/// Sends until the other side is there: each binds and connects in its own time.
fn meet(radio: &dyn Peer, dish: &dyn Peer, group: &str) {
    for _ in 0..200 {
        radio.send(&[group.as_bytes(), b"?"]).expect("never waits");
        if dish.recv(A_WHILE).is_some() {
            radio.send(&[group.as_bytes(), b"!"]).expect("never waits");
            while dish.recv(SOON).expect("it is there")[1] != b"!" {}
            return;
        }
    }
    panic!("nothing arrives");
}

/// A RADIO and a DISH that have met.
fn pair(makers: (Maker, Maker), bind: &str, connect: &str) -> (Box<dyn Peer>, Box<dyn Peer>) {
    let (radio, dish) = (makers.0.make(Radio), makers.1.make(Dish));
    dish.join("meet").expect("a group");
    dish.bind(bind).expect("a free port");
    radio.connect(connect).expect("an endpoint");
    meet(&*radio, &*dish, "meet");
    (radio, dish)
}

/// The same of every mix.
fn same<T: PartialEq + std::fmt::Debug>(play: impl Fn((Maker, Maker)) -> T) {
    let seen = MIXES.map(|makers| (makers, play(makers)));
    for (makers, script) in &seen {
        assert_eq!(*script, seen[0].1, "{makers:?}");
    }
}

/// All that a DISH hears of these messages, up to a last one.
fn heard(radio: &dyn Peer, dish: &dyn Peer, messages: &[(&str, Vec<u8>)]) -> Vec<Frames> {
    for (group, body) in messages {
        radio.send(&[group.as_bytes(), body]).expect("never waits");
    }
    radio.send(&[b"meet", b"the last"]).expect("never waits");
    let mut heard = Vec::new();
    loop {
        let frames = dish.recv(SOON).expect("a message");
        if frames[1] == b"the last" {
            return heard;
        }
        heard.push(frames);
    }
}

#[test]
fn a_dish_hears_its_groups_of_one_host() {
    same(|makers| {
        let at = format!("udp://127.0.0.1:{}", port());
        let (radio, dish) = pair(makers, &at, &at);
        dish.join("tv").expect("a group");
        let long = "g".repeat(255);
        dish.join(&long).expect("a group");
        let joined_twice = dish.join("tv").expect_err("once is enough");
        let messages = [
            ("tv", b"news".to_vec()),
            ("radio", b"another group".to_vec()),
            ("t", b"a prefix".to_vec()),
            ("tv", Vec::new()),
            (&long, b"a group of 255 letters".to_vec()),
            ("tv", vec![b'x'; 8192 - 3]),
            ("tv", vec![b'x'; 8192 - 2]),
            ("tv", vec![b'x'; 20_000]),
            ("tv", b"after what was too long".to_vec()),
        ];
        let first = heard(&*radio, &*dish, &messages);
        dish.leave("tv").expect("its own");
        (first, heard(&*radio, &*dish, &messages), joined_twice)
    });
}

#[test]
fn members_of_a_multicast_group_hear_what_is_sent_to_it() {
    same(|makers| {
        let at = format!("udp://127.0.0.1;239.255.71.1:{}", port());
        let (radio, dish) = pair(makers, &at, &at);
        dish.join("tv").expect("a group");
        let messages = [("tv", b"news".to_vec()), ("radio", b"music".to_vec())];
        heard(&*radio, &*dish, &messages)
    });
}

#[test]
fn members_of_either_library_share_a_port() {
    let at = format!("udp://127.0.0.1;239.255.71.2:{}", port());
    for maker in [Maker::Theirs, Maker::Ours] {
        let (radio, first) = pair((maker, Maker::Theirs), &at, &at);
        let second = Maker::Ours.make(Dish);
        second.join("meet").expect("a group");
        second.bind(&at).expect("a port that is shared");
        meet(&*radio, &*second, "meet");
        while first.recv(A_WHILE).is_some() {}
        radio.send(&[b"meet", b"both"]).expect("never waits");
        for dish in [&first, &second] {
            assert_eq!(dish.recv(SOON).expect("a message")[1], b"both");
        }
    }
}

/// What anybody can send to a DISH.
#[test]
fn what_is_no_message_is_passed_over() {
    let datagrams: Vec<Vec<u8>> = [0_u8, 1, 2, 127, 128, 200, 255]
        .into_iter()
        .flat_map(|length| {
            let sizes = [1, 2, usize::from(length), 1 + usize::from(length), 300];
            sizes.map(|size| [&[length][..], &vec![b'g'; size.saturating_sub(1)]].concat())
        })
        .collect();
    let play = |maker: Maker| {
        let address = format!("127.0.0.1:{}", port());
        let at = format!("udp://{address}");
        let (_, dish) = pair((Maker::Theirs, maker), &at, &at);
        for length in [0, 1, 2, 127, 128, 200, 255] {
            dish.join(&"g".repeat(length)).expect("a group");
        }
        let anybody = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        let mut heard = Vec::new();
        for datagram in &datagrams {
            anybody
                .send_to(datagram, &address)
                .expect("the loopback takes it");
            anybody
                .send_to(b"\x04meetthe next", &address)
                .expect("the loopback takes it");
            loop {
                let frames = dish.recv(SOON).expect("a message");
                if frames[1] == b"the next" {
                    break;
                }
                heard.push((datagram.len(), frames));
            }
        }
        heard
    };
    assert_eq!(play(Maker::Ours), play(Maker::Theirs));
}

/// Sends from a DGRAM until the other is there.
fn knock(from: &dyn Peer, to: &dyn Peer, at: &str) -> Frames {
    for _ in 0..200 {
        from.send(&[at.as_bytes(), b"knock"])
            .expect("there is room");
        if let Some(frames) = to.recv(A_WHILE) {
            return frames;
        }
    }
    panic!("nothing arrives");
}

#[test]
fn dgrams_answer_where_a_message_came_from() {
    same(|makers| {
        let (one, other) = (makers.0.make(Dgram), makers.1.make(Dgram));
        let [first, second] = [(); 2].map(|()| format!("127.0.0.1:{}", port()));
        one.bind(&format!("udp://{first}")).expect("a free port");
        other.bind(&format!("udp://{second}")).expect("a free port");
        let heard = knock(&*one, &*other, &second);
        assert_eq!(text(&heard[0]), first);
        assert_eq!(heard[1], b"knock");

        // The address goes back as it came, and what is none is passed over.
        other.send(&[b"nowhere", b"lost"]).expect("nobody is told");
        other
            .send(&[b"127.0.0.1:0", b"lost"])
            .expect("nobody is told");
        other.send(&[&heard[0], b""]).expect("there is room");
        other
            .send(&[&heard[0], &[b'x'; 8192]])
            .expect("there is room");
        let answers = [(); 2].map(|()| one.recv(SOON).expect("an answer"));
        assert!(answers.iter().all(|answer| text(&answer[0]) == second));
        let lengths = answers.map(|answer| answer[1].len());
        let alone = one.send(&[second.as_bytes()]).expect_err("no body");
        (lengths, alone)
    });
}

/// What libzmq gives as an address ends with a zero; the same without it.
fn text(address: &[u8]) -> &str {
    let address = address.strip_suffix(b"\0").unwrap_or(address);
    std::str::from_utf8(address).expect("an address")
}

#[test]
fn others_are_told_that_it_is_not_for_them() {
    let verdicts = |maker: Maker| {
        let (to, at) = (
            format!("udp://127.0.0.1:{}", port()),
            format!("udp://*:{}", port()),
        );
        let kinds = [Radio, Dish, Dgram, Push];
        kinds.map(|kind| {
            let socket = maker.make(kind);
            (socket.connect(&to), socket.bind(&at))
        })
    };
    let no = || Err(Failure::Incompatible);
    let expected = [(Ok(()), no()), (no(), Ok(())), (no(), Ok(())), (no(), no())];
    assert_eq!(verdicts(Maker::Theirs), expected);
    assert_eq!(verdicts(Maker::Ours), expected);
}

/// But for the names of interfaces, which libzmq as it is built here does not know.
#[test]
fn endpoints_are_understood_alike() {
    let connects = |maker: Maker, endpoint: &str| maker.make(Radio).connect(endpoint).is_ok();
    let binds = |maker: Maker, endpoint: &str| maker.make(Dish).bind(endpoint).is_ok();
    for endpoint in [
        "udp://127.0.0.1:5555",
        "udp://239.255.71.3:5555",
        "udp://127.0.0.1;239.255.71.3:5555",
        "udp://*;239.255.71.3:5555",
        "udp://*:5555",
        "udp://127.0.0.1;127.0.0.1:5555",
        "udp://239.255.71.4;239.255.71.3:5555",
        "udp://127.0.0.1",
        "udp://127.0.0.1:*",
        "udp://:5555",
    ] {
        let both = [Maker::Theirs, Maker::Ours];
        let [theirs, ours] = both.map(|maker| connects(maker, endpoint));
        assert_eq!(ours, theirs, "connect to {endpoint}");
    }
    for host in [
        "*",
        "127.0.0.1",
        "239.255.71.3",
        "127.0.0.1;239.255.71.3",
        "*;239.255.71.3",
        "127.0.0.1;127.0.0.1",
        "127.0.0.1;*",
        "239.255.71.4;239.255.71.3",
        "nosuchinterface0",
        "nosuchinterface0;239.255.71.3",
    ] {
        let endpoint = format!("udp://{host}:{}", port());
        let both = [Maker::Theirs, Maker::Ours];
        let [theirs, ours] = both.map(|maker| binds(maker, &endpoint));
        assert_eq!(ours, theirs, "bind to {endpoint}");
    }
}
