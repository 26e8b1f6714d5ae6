//! XPUB: what its application learns.

use ferromq_core::{Message, PatternOption, PeerId, PipeReader, PipeWriter, Signal, Wakes};
use ferromq_pattern_pubsub::{Sub, XPub, XSub};

use crate::net::{Marks, Socket, connect, legible};

fn with_subscribers(count: usize) -> (Socket<XPub>, Vec<Socket<Sub>>) {
    let mut publisher = Socket::<XPub>::new();
    let subscribers = (0..count).map(|_| {
        let mut subscriber = Socket::<Sub>::new();
        connect(&mut publisher, &mut subscriber, Marks(0));
        subscriber
    });
    let subscribers = subscribers.collect();
    (publisher, subscribers)
}

/// A peer whose requests the test writes itself.
fn raw(publisher: &mut Socket<XPub>, marks: usize) -> (PipeWriter, PipeReader) {
    let ((writer, source), (sink, reader)) = (Marks(marks).pipe(), Marks(marks).pipe());
    publisher.attach(writer, reader, true, false);
    (sink, source)
}

fn push(peer: &mut PipeWriter, message: impl Into<Message>) -> bool {
    peer.push(&[], &message.into(), 0, &mut Wakes::new())
        .is_ok()
}

#[test]
fn the_first_subscriber_of_a_topic_counts_and_the_last() {
    let (publisher, subscribers) = with_subscribers(2);
    subscribers[0].subscribe("a");
    subscribers[1].subscribe("a");
    subscribers[1].subscribe("b");
    assert!(publisher.is_readable());
    assert_eq!(publisher.recv_all(), ["+a", "+b"]);
    subscribers[0].unsubscribe("a");
    assert!(!publisher.is_readable());
    subscribers[1].unsubscribe("a");
    subscribers[1].unsubscribe("b");
    assert_eq!(publisher.recv_all(), ["-a", "-b"]);
}

#[test]
fn a_notice_says_from_whom_it_is() {
    let (publisher, subscribers) = with_subscribers(2);
    subscribers[1].subscribe("a");
    let notice = publisher.recv().expect("a notice");
    assert_eq!((notice.body(), notice.origin()), (&b"\x01a"[..], 2));
}

#[test]
fn verbose_adds_subscriptions_and_verboser_their_ends() {
    let (publisher, subscribers) = with_subscribers(2);
    let both = |change: fn(&Socket<Sub>, &str)| {
        for subscriber in &subscribers {
            change(subscriber, "a");
            publisher.enter();
        }
    };
    publisher.set(PatternOption::XpubVerbose(true));
    both(Socket::subscribe);
    both(Socket::unsubscribe);
    assert_eq!(publisher.recv_all(), ["+a", "+a", "-a"]);
    publisher.set(PatternOption::XpubVerboser(true));
    both(Socket::subscribe);
    both(Socket::unsubscribe);
    assert_eq!(publisher.recv_all(), ["+a", "+a", "-a", "-a"]);
    publisher.set(PatternOption::XpubVerbose(true));
    both(Socket::subscribe);
    both(Socket::unsubscribe);
    assert_eq!(publisher.recv_all(), ["+a", "+a", "-a"]);
    publisher.set(PatternOption::XpubVerboser(false));
    both(Socket::subscribe);
    both(Socket::unsubscribe);
    assert_eq!(publisher.recv_all(), ["+a", "-a"]);
}

#[test]
fn an_end_of_what_never_began_is_no_news() {
    let mut publisher = Socket::<XPub>::new();
    let (mut peer, _source) = raw(&mut publisher, 0);
    let (mut other, _source) = raw(&mut publisher, 0);
    assert!(push(&mut other, "\u{1}a"));
    for verboser in [false, true] {
        publisher.set(PatternOption::XpubVerboser(verboser));
        publisher.recv_all();
        assert!(push(&mut peer, "\0a") && push(&mut peer, "\0unknown"));
        let expected = if verboser {
            &["-a", "-unknown"][..]
        } else {
            &[]
        };
        assert_eq!(publisher.recv_all(), expected);
    }
    assert_eq!(publisher.topics(), 1);
}

#[test]
fn a_subscriber_that_leaves_has_cancelled() {
    for (verboser, expected) in [(false, &["-b"][..]), (true, &["-a", "-b"])] {
        let (publisher, mut subscribers) = with_subscribers(2);
        publisher.set(PatternOption::XpubVerboser(verboser));
        subscribers[0].subscribe("a");
        subscribers[1].subscribe("a");
        subscribers[1].subscribe("b");
        publisher.recv_all();
        drop(subscribers.pop());
        assert_eq!(publisher.recv_all(), expected);
        publisher.signal(|| Signal::Detach(PeerId::new(1)));
        assert_eq!(publisher.recv_all(), ["-a"]);
        assert!(publisher.send("a"));
        assert_eq!(subscribers[0].recv_all(), [""; 0]);
    }
}

#[test]
fn what_a_subscriber_sent_before_it_left_is_received() {
    let mut publisher = Socket::<XPub>::new();
    let (mut peer, source) = raw(&mut publisher, 10);
    for message in ["\u{1}a", "1", "2"] {
        push(&mut peer, message);
    }
    drop((peer, source));
    assert_eq!(publisher.recv_all(), ["+a", "1", "2", "-a"]);

    let (mut peer, _source) = raw(&mut publisher, 10);
    for message in ["\u{1}a", "1", "2"] {
        push(&mut peer, message);
    }
    assert_eq!(
        publisher.recv().as_ref().map(legible).as_deref(),
        Some("+a")
    );
    publisher.signal(|| Signal::Detach(PeerId::new(2)));
    assert_eq!(publisher.recv_all(), ["-a"]);
    assert!(!push(&mut peer, "too late"));
}

#[test]
fn an_application_that_never_looks_keeps_no_subscriber_waiting() {
    let mut publisher = Socket::<XPub>::new();
    let (mut peer, mut source) = raw(&mut publisher, 1000);
    let mut message = Message::new();
    for n in 0..100_000 {
        assert!(push(&mut peer, format!("\u{1}inbox/{n}")));
        assert!(publisher.send(format!("inbox/{n}")));
        source
            .pop(&mut message, &mut Wakes::new())
            .expect("subscribed");
        assert!(push(&mut peer, format!("\0inbox/{n}")));
    }
    assert!(push(&mut peer, "\u{1}stays"));
    publisher.enter();
    // Those that undo each other were merged, but for the newest.
    let notices = publisher.recv_all();
    assert!(notices.len() < 2500, "{} notices", notices.len());
    assert_eq!(notices.last().map(String::as_str), Some("+stays"));
    let (mut open, mut known) = (Vec::new(), Vec::new());
    for notice in &notices {
        let (sign, topic) = notice.split_at(1);
        match sign {
            "+" => open.push(topic),
            _ if open.last() == Some(&topic) => drop(open.pop()),
            _ => known.push(topic),
        }
    }
    assert_eq!(open, ["stays"]);
    assert_eq!(known, [""; 0], "no end of what never began");
}

#[test]
fn however_often_peers_come_and_go_little_waits() {
    let modes: [fn(bool) -> PatternOption; 3] = [
        PatternOption::XpubVerbose,
        PatternOption::XpubVerboser,
        PatternOption::XpubManual,
    ];
    for mode in modes {
        let mut publisher = Socket::<XPub>::new();
        publisher.set(mode(true));
        let (mut stays, _source) = raw(&mut publisher, 10);
        assert!(push(&mut stays, "\u{1}a"));
        for n in 0..4_000 {
            let (mut peer, source) = raw(&mut publisher, 10);
            assert!(push(&mut peer, "\u{1}a"));
            assert!(push(&mut peer, format!("\u{1}inbox/{n}")));
            drop((peer, source));
            publisher.enter();
        }
        let notices = publisher.recv_all();
        assert!(notices.len() < 2500, "{} notices", notices.len());
        assert_eq!(notices[0], "+a");
        let count = |sign| {
            let signed = notices.iter().filter(|notice| notice.starts_with(sign));
            signed.count()
        };
        assert!(count("+") > count("-"), "no end of what never began");
    }
}

#[test]
fn what_the_application_knows_is_taken_back() {
    let mut publisher = Socket::<XPub>::new();
    let (mut peer, _source) = raw(&mut publisher, 0);
    for n in 0..3000 {
        push(&mut peer, format!("\u{1}{n}"));
    }
    assert_eq!(publisher.recv_all().len(), 3000);
    drop(peer);
    publisher.enter();
    let (mut peer, _source) = raw(&mut publisher, 0);
    for n in 0..2999 {
        push(&mut peer, format!("\u{1}{n}"));
    }
    assert_eq!(
        publisher
            .recv_all()
            .iter()
            .filter(|notice| *notice == "-2999")
            .count(),
        1
    );
}

#[test]
fn a_peer_that_talks_too_much_waits_and_only_that_one() {
    let mut publisher = Socket::<XPub>::new();
    let (mut loud, _source) = raw(&mut publisher, 100);
    let (mut quiet, mut source) = raw(&mut publisher, 100);
    let mut accepted = 0;
    while push(&mut loud, format!("{accepted}")) {
        accepted += 1;
        publisher.enter();
    }
    assert_eq!(accepted, 100, "the mark is exact");
    assert!(push(&mut quiet, "\u{1}quiet"));
    assert!(publisher.send("quiet"));
    assert!(source.pop(&mut Message::new(), &mut Wakes::new()).is_ok());

    let received = publisher.recv_all();
    let (requests, messages): (Vec<_>, Vec<_>) = received
        .into_iter()
        .partition(|message| message.starts_with('+'));
    assert_eq!(requests, ["+quiet"]);
    let expected: Vec<_> = (0..100).map(|n| n.to_string()).collect();
    assert_eq!(messages, expected);
    assert!(push(&mut loud, "again"));
    assert_eq!(publisher.recv_all(), ["again"]);
}

#[test]
fn a_message_of_many_frames_takes_the_room_of_one() {
    let mut publisher = Socket::<XPub>::new();
    publisher.set(PatternOption::XpubVerbose(true));
    let (mut peer, _source) = raw(&mut publisher, 2);
    for _ in 0..10 {
        for frames in [&["user", "\u{1}a"][..], &["\u{1}a", "\u{1}b"]] {
            let message = Message::from_frames(frames.iter().map(|frame| frame.to_string()));
            assert!(push(&mut peer, message));
        }
        assert!(!push(&mut peer, "full"));
        assert_eq!(publisher.recv_all(), ["+a", "user", "+a", "+b"]);
    }
}

#[test]
fn verbose_notices_wait_in_their_peers_pipe() {
    let mut publisher = Socket::<XPub>::new();
    publisher.set(PatternOption::XpubVerbose(true));
    let (mut peer, _source) = raw(&mut publisher, 10);
    let mut accepted = 0;
    while push(&mut peer, "\u{1}again") {
        accepted += 1;
        publisher.enter();
    }
    assert_eq!(accepted, 10);
    assert_eq!(publisher.recv_all().len(), 10);
    assert!(push(&mut peer, "\u{1}again"));
}

#[test]
fn a_proxy_passes_subscriptions_up_and_messages_down() {
    let (mut origin, mut upstream) = (Socket::<XPub>::new(), Socket::<XSub>::new());
    connect(&mut origin, &mut upstream, Marks(0));
    let (downstream, subscribers) = with_subscribers(2);
    let proxy = || {
        while let Some(request) = downstream.recv() {
            assert!(upstream.send(request));
        }
        while let Some(message) = upstream.recv() {
            assert!(downstream.send(message));
        }
    };
    subscribers[0].subscribe("a");
    subscribers[1].subscribe("a");
    proxy();
    assert_eq!(origin.recv_all(), ["+a"]);
    assert!(origin.send("a1") && origin.send("b1"));
    proxy();
    assert_eq!(subscribers[0].recv_all(), ["a1"]);
    assert_eq!(subscribers[1].recv_all(), ["a1"]);
    subscribers[0].unsubscribe("a");
    proxy();
    assert_eq!(origin.recv_all(), [""; 0]);
    drop(subscribers);
    proxy();
    assert_eq!(origin.recv_all(), ["-a"]);
    assert_eq!(origin.topics(), 0);
}
