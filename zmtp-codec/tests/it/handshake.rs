//! Handshakes that succeed, and everything else that strangers do.

use core::time::Duration;

use crate::support::{Actor, SIGNATURE, Said, command, connect, frame, greeting, ready};
use zmtp_codec::bytes::{Bytes, BytesMut};
use zmtp_codec::{
    AuthStatus, Config, Event, HeartbeatConfig, Limits, Message, Null, ProtocolError, Session,
    SocketType, Version,
};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The error after these bytes, all at once and one by one.
fn fault(config: impl Fn() -> Config, bytes: &[u8]) -> Option<ProtocolError> {
    let mut at_once = Actor::new(config());
    at_once.hear(bytes);
    let mut one_by_one = Actor::new(config());
    bytes.iter().for_each(|byte| one_by_one.hear(&[*byte]));
    assert_eq!(at_once.error, one_by_one.error);
    at_once.error
}

fn pull() -> Config {
    Config::new(SocketType::Pull)
}

#[test]
fn any_two_compatible_sockets_get_ready_and_no_others() {
    for a in SocketType::ALL {
        for b in SocketType::ALL {
            let (mut left, mut right) = (Actor::of(a), Actor::of(b));
            connect(&mut left, &mut right);
            let expected = (!a.is_compatible(b)).then_some(());
            assert_eq!(left.error.map(|_| ()), expected, "{a} and {b}");
            assert_eq!(
                left.peer.and_then(|peer| peer.socket_type()),
                a.is_compatible(b).then_some(b)
            );
            assert_eq!(right.peer.is_some(), a.is_compatible(b));
        }
    }
}

#[test]
fn the_greeting_leaves_in_three_steps_and_ready_in_a_fourth() {
    let mut session = Session::new(Config::new(SocketType::Dealer), Duration::ZERO);
    session.send(&Message::from("hello"));
    let mut step = |input: &[u8]| -> Vec<Bytes> {
        let result = session.handle_input(Duration::ZERO, &mut BytesMut::from(input));
        assert_eq!(result, Ok(()));
        core::iter::from_fn(|| session.poll_transmit()).collect()
    };
    assert_eq!(step(b""), [&b"\xff\0\0\0\0\0\0\0\x01\x7f"[..]]);
    let theirs = greeting(1);
    assert_eq!(step(&theirs[..9]), [""; 0]);
    assert_eq!(step(&theirs[9..10]), ["\x03"]);
    let rest = [b"\x01NULL", &[0; 48][..]].concat();
    assert_eq!(step(&theirs[10..11]), [&rest]);
    assert_eq!(step(&theirs[11..63]), [""; 0]);
    let ready_dealer = command(
        "READY",
        b"\x0bSocket-Type\0\0\0\x06DEALER\x08Identity\0\0\0\0",
    );
    assert_eq!(step(&theirs[63..]), [&ready_dealer]);
    assert_eq!(step(&ready(SocketType::Router)), [&b"\0\x05hello"[..]]);
}

#[test]
fn metadata_arrives_in_any_case_and_with_the_applications_properties() {
    let config = Config::new(SocketType::Req)
        .identity("me")
        .and_then(|config| config.property("X-Zone", "eu"))
        .expect("legal settings");
    let (mut req, mut rep) = (Actor::new(config), Actor::of(SocketType::Rep));
    connect(&mut req, &mut rep);
    let peer = rep.peer.expect("the handshake is complete");
    assert_eq!(peer.version(), Version::V3_1);
    assert_eq!(peer.identity(), "me");
    assert_eq!(
        peer.metadata().get("x-ZONE").map(|zone| &zone[..]),
        Some(&b"eu"[..])
    );

    let mut shouting = Actor::of(SocketType::Rep);
    let properties = b"\x0bSOCKET-TYPE\0\0\0\x03req\x08identity\0\0\0\x02me";
    shouting.hear(&[greeting(1), command("READY", properties)].concat());
    let peer = shouting.peer.expect("the handshake is complete");
    assert_eq!(peer.socket_type(), Some(SocketType::Req));
    assert_eq!(peer.identity(), "me");
}

#[test]
fn what_does_not_speak_zmtp_is_told_apart_in_its_first_bytes() {
    for bytes in [
        &b"GET / HTTP/1.1\r\n"[..],
        b"POST /",
        b"\x16\x03\x01\x02\0\x01\0",
        b"SSH-2.0-OpenSSH\r\n",
        b"\0\0\0\x85\xffSMB",
        b"EHLO there",
        b"\x01\x01",
        b"\xff\0\0\0\0\0\0\x01\x02\0",
        b"\xff\0\0\0\0\0\0\0\0\0",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\0",
    ] {
        assert_eq!(
            fault(pull, bytes),
            Some(ProtocolError::NotZmtp),
            "{bytes:?}"
        );
        // The mechanism makes no difference.
        let secured = || pull().mechanism(Box::new(Null::asking()));
        assert_eq!(
            fault(secured, bytes),
            Some(ProtocolError::NotZmtp),
            "{bytes:?}"
        );
    }
}

#[test]
fn half_a_handshake_is_a_timeout_and_not_before() {
    let whole = [greeting(1), ready(SocketType::Push)].concat();
    for length in 0..whole.len() {
        let mut actor = Actor::new(pull().handshake_timeout(Some(seconds(5))));
        actor.now = seconds(3);
        actor.hear(&whole[..length]);
        assert_eq!(actor.session.poll_timeout(), Some(seconds(5)));
        actor.pass_time(Duration::from_millis(4999));
        assert_eq!(actor.error, None);
        actor.pass_time(seconds(5));
        assert_eq!(actor.error, Some(ProtocolError::HandshakeTimeout));
    }
    let mut actor = Actor::new(pull());
    assert_eq!(actor.session.poll_timeout(), Some(seconds(30)));
    actor.hear(&whole);
    assert_eq!(actor.session.poll_timeout(), None);
    actor.pass_time(seconds(1000));
    assert_eq!(actor.error, None);
    let patient = Actor::new(pull().handshake_timeout(None));
    assert_eq!(patient.session.poll_timeout(), None);
}

#[test]
fn the_handshakes_limit_holds_at_the_byte() {
    let ready = |padding: usize| {
        let value = vec![b'x'; padding];
        let property = [b"\x01X", &(padding as u32).to_be_bytes()[..], &value].concat();
        [greeting(1), command("READY", &property)].concat()
    };
    // Greeting, long header, name, property.
    let padding = 1000 - 64 - 9 - 6 - 6;
    assert_eq!(ready(padding).len(), 1000);
    let config = || pull().limits(Limits::new().handshake(1000));
    assert_eq!(fault(config, &ready(padding)), None);
    let too_large = Some(ProtocolError::HandshakeTooLarge);
    assert_eq!(fault(config, &ready(padding + 1)), too_large);
    // The header is enough to know.
    assert_eq!(fault(config, &ready(padding + 1)[..73]), too_large);
    assert_eq!(fault(config, &ready(padding)[..73]), None);
    let lie = [&greeting(1)[..], &[6], &[0xff; 8]].concat();
    assert_eq!(fault(config, &lie), too_large);
    // Messages behind the handshake do not count.
    let more = [ready(padding), frame(0, &[b'x'; 5000])].concat();
    assert_eq!(fault(config, &more), None);
}

#[test]
fn old_versions_are_no_way_around_a_mechanism() {
    let secured = || Config::new(SocketType::Rep).mechanism(Box::new(Null::asking()));
    let too_old = Some(ProtocolError::VersionTooOld);
    for bytes in [
        &b"\x01\0"[..],
        b"\xff\0\0\0\0\0\0\0\x01\0",
        &[SIGNATURE, &[0]].concat(),
        &[SIGNATURE, &[1]].concat(),
        &[SIGNATURE, &[2]].concat(),
    ] {
        assert_eq!(fault(secured, bytes), too_old, "{bytes:?}");
        assert_eq!(
            fault(|| Config::new(SocketType::Rep), bytes),
            None,
            "{bytes:?}"
        );
    }
}

#[test]
fn routing_ids_are_at_most_255_bytes_in_every_version() {
    let long = [b'i'; 256];
    let too_long = Some(ProtocolError::IdentityTooLong);
    let router = || Config::new(SocketType::Router);
    let property = [b"\x08Identity\0\0\x01\0", &long[..]].concat();
    let ready = [greeting(1), command("READY", &property)].concat();
    assert_eq!(fault(router, &ready), too_long);
    let v2 = [SIGNATURE, &[1, 5], &frame(0, &long)].concat();
    assert_eq!(fault(router, &v2), too_long);
    assert_eq!(fault(router, &v2[..21]), too_long, "the header is enough");
    let v1 = [SIGNATURE, &[0, 5], b"\xff\0\0\0\0\0\0\x01\x01\0"].concat();
    assert_eq!(fault(router, &v1), too_long);
    for flags in [1, 4, 5] {
        let v2 = [SIGNATURE, &[1, 5], &frame(flags, b"me")].concat();
        assert_eq!(fault(router, &v2), Some(ProtocolError::MalformedFrame));
    }
}

#[test]
fn a_peer_may_speak_a_version_to_come() {
    let mut future = greeting(0);
    future[10] = 7;
    let mut actor = Actor::new(pull());
    actor.hear(&[future, ready(SocketType::Push)].concat());
    assert_eq!(actor.peer.map(|peer| peer.version()), Some(Version::V3_1));
}

#[test]
fn an_authenticated_peer_has_what_the_authenticator_knows() {
    let server = Config::new(SocketType::Rep).mechanism(Box::new(Null::asking()));
    let client = Config::new(SocketType::Req)
        .property("X-Known", "no")
        .expect("a legal name");
    let (mut server, mut client) = (Actor::new(server), Actor::new(client));
    connect(&mut server, &mut client);
    let peer = server.peer.expect("the handshake is complete");
    let get = |name| peer.metadata().get(name).map(|value| &value[..]);
    assert_eq!(get("User-Id"), Some(&b"someone"[..]));
    assert_eq!(get("X-Known"), Some(&b"yes"[..]));
    assert_eq!(get("Socket-Type"), Some(&b"REQ"[..]));
}

#[test]
fn nobody_says_who_they_are_themselves() {
    let mut rep = Actor::of(SocketType::Rep);
    let properties = b"\x0bSocket-Type\0\0\0\x03REQ\x07user-ID\0\0\0\x05admin";
    rep.hear(&[greeting(1), command("READY", properties)].concat());
    let peer = rep.peer.expect("the handshake is complete");
    assert_eq!(peer.metadata().get("User-Id"), None);
}

#[test]
fn a_peer_that_is_turned_away_learns_the_reason() {
    let config = Config::new(SocketType::Rep).mechanism(Box::new(Null::asking()));
    let (mut server, mut client) = (Actor::new(config), Actor::of(SocketType::Req));
    server.answer = AuthStatus::AuthenticationFailure;
    connect(&mut server, &mut client);
    assert_eq!(server.error, Some(ProtocolError::NotAuthenticated));
    assert_eq!(client.error, Some(ProtocolError::Refused("400".into())));
}

#[test]
fn an_answer_to_no_question_is_ignored() {
    let mut session = Session::new(pull(), Duration::ZERO);
    let reply = zmtp_codec::AuthReply {
        status: AuthStatus::InternalError,
        user_id: Bytes::new(),
        metadata: zmtp_codec::Metadata::new(),
    };
    assert_eq!(session.handle_auth(reply), Ok(()));
}

#[test]
fn an_error_stays() {
    let mut session = Session::new(pull(), Duration::ZERO);
    let error = Err(ProtocolError::NotZmtp);
    assert_eq!(
        session.handle_input(Duration::ZERO, &mut BytesMut::from("GET")),
        error
    );
    assert_eq!(
        session.handle_input(Duration::ZERO, &mut BytesMut::from(&greeting(1)[..])),
        error
    );
    assert_eq!(session.handle_timeout(Duration::ZERO), error);
    assert!(session.poll_event().is_none());
    assert!(session.split().is_err());
}

#[test]
fn messages_before_a_fault_are_heard() {
    let mut pull = Actor::of(SocketType::Pull);
    pull.hear(&[greeting(1), ready(SocketType::Push)].concat());
    pull.hear(&[frame(0, b"good"), b"\x02".to_vec(), vec![0xff; 8]].concat());
    assert_eq!(pull.heard, [Said::Message(vec![b"good".to_vec()])]);
    assert_eq!(pull.error, Some(ProtocolError::FrameTooLarge));
}

#[test]
fn a_ready_session_comes_apart_and_loses_nothing() {
    let mut session = Session::new(Config::new(SocketType::Pull), Duration::ZERO);
    let session_is_back = |session: Session| *session.split().expect_err("not yet");
    session = session_is_back(session);
    let early = frame(0, b"early");
    let mut input = BytesMut::from(&[greeting(1), ready(SocketType::Push), early].concat()[..]);
    assert_eq!(session.handle_input(Duration::ZERO, &mut input), Ok(()));
    assert!(input.is_empty());
    session = session_is_back(session);
    while session.poll_transmit().is_some() {}
    assert!(matches!(session.poll_event(), Some(Event::Ready(_))));
    let mut parts = session.split().expect("ready, and nothing to transmit");
    assert_eq!(&parts.input[..], b"\0\x05early");
    assert!(matches!(
        parts.rx.poll_event(&mut parts.input, 1),
        Ok(Some(_))
    ));
}

#[test]
fn a_session_with_something_left_does_not_come_apart() {
    let mut session = Session::new(Config::new(SocketType::Pair), Duration::ZERO);
    let mut input = BytesMut::from(&[greeting(1), ready(SocketType::Pair)].concat()[..]);
    assert_eq!(session.handle_input(Duration::ZERO, &mut input), Ok(()));
    while session.poll_transmit().is_some() {}
    assert!(matches!(session.poll_event(), Some(Event::Ready(_))));
    session.send(&Message::from("unsent"));
    let mut session = *session.split().expect_err("a message is not sent");
    while session.poll_transmit().is_some() {}
    let mut input = BytesMut::from(&frame(0, b"unread")[..]);
    assert_eq!(session.handle_input(Duration::ZERO, &mut input), Ok(()));
    let mut session = *session.split().expect_err("a message is not read");
    assert!(matches!(session.poll_event(), Some(Event::Message(_))));
    assert!(session.split().is_ok());
}

#[test]
fn heartbeats_keep_a_silent_connection_and_end_a_dead_one() {
    let config = |kind| {
        let heartbeat = HeartbeatConfig::new(seconds(1)).ttl(seconds(3));
        Actor::new(Config::new(kind).heartbeat(heartbeat))
    };
    let (mut a, mut b) = (config(SocketType::Pair), Actor::of(SocketType::Pair));
    connect(&mut a, &mut b);
    for second in 1..100 {
        assert_eq!(a.session.poll_timeout(), Some(seconds(second)));
        b.now = seconds(second);
        a.pass_time(seconds(second));
        connect(&mut a, &mut b);
        assert_eq!(
            b.session.poll_timeout(),
            Some(seconds(second + 3)),
            "by the other's TTL"
        );
    }
    a.pass_time(seconds(100));
    a.pass_time(seconds(101));
    assert_eq!(a.error, Some(ProtocolError::HeartbeatTimeout));
    b.pass_time(seconds(102));
    assert_eq!(b.error, Some(ProtocolError::HeartbeatTimeout));
}

#[test]
fn old_peers_are_never_asked_for_signs_of_life() {
    let heartbeat = HeartbeatConfig::new(seconds(1));
    for bytes in [&[SIGNATURE, &[1, 8, 0, 0]].concat()[..], b"\x01\0"] {
        let mut actor = Actor::new(pull().heartbeat(heartbeat));
        actor.hear(bytes);
        assert!(actor.peer.is_some());
        assert_eq!(actor.session.poll_timeout(), None);
    }
}

#[test]
fn a_raw_session_carries_bytes() {
    let mut stream = Actor::with(Session::raw(Limits::default()));
    assert_eq!(
        stream.peer.as_ref().map(|peer| peer.version()),
        Some(Version::Raw)
    );
    assert_eq!(stream.sent(), b"");
    let request = b"\xff\0GET / HTTP/1.1\r\n\r\n".to_vec();
    stream.hear(&request);
    stream.hear(b"");
    stream.hear(b"more");
    let expected = [request, b"more".to_vec()].map(|body| Said::Message(vec![body]));
    assert_eq!(stream.heard, expected);
    for body in [&b"HTTP/1.1 200 OK"[..], b"", b"\r\n"] {
        stream.say(&Said::Message(vec![body.to_vec()]));
    }
    assert_eq!(stream.sent(), b"HTTP/1.1 200 OK\r\n");
    assert!(stream.session.split().is_ok());
}

#[test]
fn an_unversioned_subscriber_wants_everything() {
    let mut publisher = Actor::of(SocketType::XPub);
    publisher.hear(b"\x01\0");
    publisher.say(&Said::Message(vec![b"news".to_vec()]));
    assert_eq!(publisher.heard, [Said::Subscribe(Vec::new())]);
    assert_eq!(publisher.sent(), b"\xff\0\0\0\0\0\0\0\x01\x7f\x05\0news");
    let mut pusher = Actor::of(SocketType::Push);
    pusher.hear(b"\x01\0");
    assert_eq!(pusher.heard, []);
}
