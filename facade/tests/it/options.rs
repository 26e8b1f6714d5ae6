//! Options, and what they belong to.

use ferromq::SocketType::{
    Channel, Client, Dealer, Dish, Gather, Pair, Peer, Pub, Pull, Push, Radio, Rep, Req, Router,
    Scatter, Server, Stream, Sub, XPub, XSub,
};
use ferromq::{
    AnySocket, DefaultContext, Defaults, OptionError, Options, PatternOption, RecvError,
    SendFailure, SocketType,
};

const ALL: [SocketType; 20] = [
    Pair, Pub, Sub, Req, Rep, Dealer, Router, Pull, Push, XPub, XSub, Stream, Server, Client,
    Radio, Dish, Gather, Scatter, Peer, Channel,
];

fn socket(kind: SocketType) -> AnySocket {
    let socket = ferromq::socket(&DefaultContext::context(), kind, Options::new());
    socket.expect("all patterns are there")
}

/// Each option, and the sockets that have it.
fn options() -> Vec<(PatternOption, &'static [SocketType])> {
    let topic = || "topic".into();
    let notify = PatternOption::RouterNotify {
        connect: true,
        disconnect: true,
    };
    vec![
        (PatternOption::Subscribe(topic()), &[Sub]),
        (PatternOption::Unsubscribe(topic()), &[Sub]),
        (PatternOption::InvertMatching(true), &[Pub, XPub, Sub]),
        (PatternOption::OnlyFirstSubscribe(true), &[Pub, XPub, XSub]),
        (PatternOption::XpubVerbose(true), &[XPub]),
        (PatternOption::XpubVerboser(true), &[XPub]),
        (PatternOption::XpubNoDrop(true), &[Pub, XPub, Radio]),
        (PatternOption::Join(topic()), &[Dish]),
        (PatternOption::XpubWelcome(topic()), &[Pub, XPub]),
        (PatternOption::XpubManual(true), &[XPub]),
        (PatternOption::XpubManualLastValue(true), &[XPub]),
        (PatternOption::XsubVerboseUnsubscribe(true), &[XSub]),
        (PatternOption::RouterMandatory(true), &[Router]),
        (PatternOption::RouterHandover(true), &[Router]),
        (notify, &[Router]),
        (
            PatternOption::ProbeRouter(true),
            &[Req, Rep, Dealer, Router],
        ),
        (PatternOption::StreamNotify(true), &[Stream]),
        (PatternOption::ReqCorrelate(true), &[Req]),
        (PatternOption::ReqRelaxed(true), &[Req]),
    ]
}

#[test]
fn each_option_belongs_to_certain_sockets_and_is_refused_by_the_others() {
    for (option, owners) in options() {
        for kind in ALL {
            let set = socket(kind).set(&option);
            let name = option.name();
            let expected = match owners.contains(&kind) {
                true => Ok(()),
                // For others, in a mode that is not on.
                false if kind == XPub && owners == [Sub] => Err(OptionError::OutOfTurn(name)),
                false => Err(OptionError::Unsupported(name)),
            };
            assert_eq!(set, expected, "{name} of a {kind}");
        }
    }
}

#[test]
fn sockets_without_peers_are_writable_as_in_libzmq() {
    for kind in ALL {
        let socket = socket(kind);
        let writable = [Pub, XPub, XSub, Router, Stream, Server, Radio, Peer];
        let writable = writable.contains(&kind);
        assert_eq!(socket.is_writable(), writable, "{kind}");
        assert!(!socket.is_readable(), "{kind}");
    }
    let router = socket(Router);
    let mandatory = PatternOption::RouterMandatory(true);
    router.set(&mandatory).expect("an option of ROUTER");
    assert!(!router.is_writable(), "a ROUTER that must not drop");
}

#[test]
fn what_a_socket_cannot_do_is_unsupported_and_no_matter_of_turns() {
    for kind in ALL {
        let received = socket(kind).try_recv();
        let expected = match kind {
            Pub | Push | Radio | Scatter => RecvError::Unsupported,
            Req => RecvError::OutOfTurn,
            _ => RecvError::WouldBlock,
        };
        assert_eq!(received, Err(expected), "{kind}");
        let sent = socket(kind).try_send("message");
        let expected = match kind {
            Sub | Pull | Dish | Gather => Err(SendFailure::Unsupported),
            Rep => Err(SendFailure::OutOfTurn),
            Stream | Radio => Err(SendFailure::Malformed),
            Server | Peer => Err(SendFailure::Unroutable),
            Pub | XPub | XSub | Router => Ok(()),
            _ => Err(SendFailure::WouldBlock),
        };
        assert_eq!(sent.map_err(|error| error.reason()), expected, "{kind}");
    }
}

#[test]
fn a_routing_id_has_1_to_255_bytes() {
    for length in [0, 256, 1000] {
        let refused = Options::new().routing_id(vec![b'x'; length]);
        assert_eq!(
            refused.expect_err("it is out of range"),
            OptionError::OutOfRange("ZMQ_ROUTING_ID")
        );
    }
    // As in libzmq, one may begin with a zero, which RFC 37 keeps for made-up ones.
    for id in [vec![b'x'; 255], vec![0, 1, 2, 3, 4], vec![0]] {
        assert!(Options::new().routing_id(id).is_ok());
    }
}
