//! The younger socket types: the same happens, whoever makes which socket.

use conform::Role::{First, Second};
use conform::Step::{
    DisconnectNobody, DisconnectPeer, Join, JoinLong, Leave, Meet, MeetPeer, Receive, Restart,
    Send, SendLarge, SendToGroup, SendToNobody, SendUntilReceived, SendUntilRefused, Sync,
};
use conform::{Carrier, Maker, Mix, Role, Scenario, Step, play};
use ferromq::SocketType;

const MAKERS: [Maker; 2] = [Maker::Theirs, Maker::Ours];

/// Plays the scenario in every mix, over every carrier, with either side binding, and
/// holds what happens against what happens between two sockets of libzmq.
fn check(scenario: &Scenario<'_>) {
    for carrier in [Carrier::Tcp, Carrier::Ipc] {
        for binds in [First, Second] {
            check_mixes(scenario, carrier, binds);
        }
    }
}

/// Checks two of a kind, of which either connects, and the other binds and waits.
fn check_between(kind: SocketType, steps: impl Fn(Role, Role) -> Vec<Step>) {
    for (connects, waits) in [(Second, First), (First, Second)] {
        let scenario = Scenario {
            name: kind.name(),
            first: kind,
            second: kind,
            steps: &steps(connects, waits),
        };
        for carrier in [Carrier::Tcp, Carrier::Ipc] {
            check_mixes(&scenario, carrier, waits);
        }
    }
}

fn check_mixes(scenario: &Scenario<'_>, carrier: Carrier, binds: Role) {
    let mixes = MAKERS.into_iter().flat_map(|first| {
        MAKERS.map(|second| Mix {
            first,
            second,
            binds,
        })
    });
    let mut reference = None;
    for mix in mixes {
        let script = play(scenario, mix, carrier);
        let expected = reference.get_or_insert_with(|| script.clone());
        assert_eq!(
            &script, expected,
            "{} over {carrier:?}, {mix:?}",
            scenario.name
        );
    }
}

#[test]
fn client_and_server() {
    check(&Scenario {
        name: "CLIENT and SERVER",
        first: SocketType::Client,
        second: SocketType::Server,
        steps: &[
            Send(First, &["nobody is there"]),
            Meet,
            SendToNobody(Second),
            Send(First, &["hello"]),
            Send(First, &[""]),
            SendLarge(First, 300_000),
            Receive(Second),
            Send(Second, &["hello yourself"]),
            Send(Second, &["and again"]),
            Receive(Second),
            Receive(Second),
            SendLarge(Second, 70_000),
            Receive(First),
            Receive(First),
            Receive(First),
            Send(First, &["two", "frames"]),
            Send(Second, &["two", "frames"]),
            Send(First, &["still there"]),
            Receive(Second),
            DisconnectNobody(First),
            DisconnectNobody(Second),
            DisconnectPeer(Second),
            SendUntilRefused(Second),
        ],
    });
}

#[test]
fn peers() {
    check_between(SocketType::Peer, |connects, waits| {
        vec![
            SendToNobody(connects),
            DisconnectNobody(connects),
            MeetPeer,
            Send(connects, &["hello"]),
            Send(connects, &[""]),
            Receive(waits),
            Receive(waits),
            Send(waits, &["hello yourself"]),
            Receive(connects),
            SendLarge(connects, 300_000),
            Receive(waits),
            Send(connects, &["two", "frames"]),
            DisconnectPeer(waits),
            SendUntilRefused(waits),
        ]
    });
}

#[test]
fn a_peer_lets_go_whom_it_has_connected_to() {
    check_between(SocketType::Peer, |connects, waits| {
        vec![
            MeetPeer,
            Send(connects, &["hello"]),
            Receive(waits),
            DisconnectPeer(connects),
            SendUntilRefused(connects),
        ]
    });
}

#[test]
fn a_peer_that_is_connected_again_keeps_its_number() {
    check_between(SocketType::Peer, |connects, waits| {
        vec![
            MeetPeer,
            Send(connects, &["hello"]),
            Receive(waits),
            Restart,
            // What is lost with the connection is: until one arrives.
            SendUntilReceived(connects),
            Send(waits, &["hello again"]),
            Receive(connects),
            Send(connects, &["and again"]),
            Receive(waits),
        ]
    });
}

#[test]
fn channels() {
    check(&Scenario {
        name: "CHANNEL and CHANNEL",
        first: SocketType::Channel,
        second: SocketType::Channel,
        steps: &[
            Send(First, &["nobody is there"]),
            Meet,
            // Who has bound can send once the other is there.
            SendLarge(First, 5),
            SendLarge(Second, 300_000),
            Receive(First),
            Receive(Second),
            Send(First, &[""]),
            Receive(Second),
            Send(First, &["two", "frames"]),
            Send(Second, &["two", "frames"]),
            Send(First, &["still there"]),
            Receive(Second),
        ],
    });
}

#[test]
fn a_channel_goes_on_when_the_other_comes_back() {
    check_between(SocketType::Channel, |connects, waits| {
        vec![
            Meet,
            SendLarge(connects, 5),
            Receive(waits),
            Restart,
            // It waits for the other, which then knows that it is connected again.
            SendLarge(waits, 7),
            Receive(connects),
            Send(connects, &["hello again"]),
            Receive(waits),
        ]
    });
}

#[test]
fn scatter_and_gather() {
    check(&Scenario {
        name: "SCATTER and GATHER",
        first: SocketType::Scatter,
        second: SocketType::Gather,
        steps: &[
            Send(First, &["nobody is there"]),
            Meet,
            SendLarge(First, 5),
            Send(First, &["work"]),
            Send(First, &[""]),
            SendLarge(First, 300_000),
            Receive(Second),
            Receive(Second),
            Receive(Second),
            Receive(Second),
            Send(First, &["two", "frames"]),
            Send(Second, &["back"]),
            Receive(First),
            Send(First, &["still there"]),
            Receive(Second),
        ],
    });
}

#[test]
fn radio_and_dish() {
    check(&Scenario {
        name: "RADIO and DISH",
        first: SocketType::Radio,
        second: SocketType::Dish,
        steps: &[
            SendToGroup(First, "nobody", "is there"),
            Join(Second, "before"),
            Join(Second, "before"),
            Leave(Second, "not joined"),
            JoinLong(Second, 256),
            JoinLong(Second, 255),
            Join(First, "a RADIO"),
            Leave(First, "a RADIO"),
            Meet,
            Join(Second, "after"),
            Join(Second, "sync"),
            Sync("sync"),
            SendToGroup(First, "before", "1"),
            SendToGroup(First, "befor", "a prefix"),
            SendToGroup(First, "before and more", "longer"),
            SendToGroup(First, "after", "2"),
            SendToGroup(First, "after", ""),
            Receive(Second),
            Receive(Second),
            Receive(Second),
            Leave(Second, "after"),
            Join(Second, "sync again"),
            Sync("sync again"),
            SendToGroup(First, "after", "was left"),
            SendToGroup(First, "before", "3"),
            Receive(Second),
            Join(Second, ""),
            Join(Second, "third"),
            Sync("third"),
            SendToGroup(First, "", "no name"),
            Receive(Second),
            Send(First, &["two", "frames"]),
            Send(Second, &["back"]),
            Receive(First),
        ],
    });
}

#[test]
fn a_dish_joins_again_when_the_radio_comes_back() {
    let scenario = Scenario {
        name: "RADIO and DISH, again",
        first: SocketType::Radio,
        second: SocketType::Dish,
        steps: &[
            Join(Second, "group"),
            Meet,
            Join(Second, "left"),
            Leave(Second, "left"),
            Join(Second, "sync"),
            Sync("sync"),
            Restart,
            Sync("sync"),
            SendToGroup(First, "left", "1"),
            SendToGroup(First, "group", "2"),
            Receive(Second),
        ],
    };
    for carrier in [Carrier::Tcp, Carrier::Ipc] {
        check_mixes(&scenario, carrier, First);
    }
}
