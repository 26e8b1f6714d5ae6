//! RADIO and DISH: groups match as a whole, and are joined once.

use bytes::Bytes;
use ferromq_core::{
    Halves, Message, OptionError, Outbound, Pattern, PatternOption, PeerId, PipeReader, PipeWriter,
    Signal, TrySendError, Wakes,
};
use ferromq_pattern_pubsub::{Dish, Pub, Radio, Sub};

use crate::net::{Marks, Socket, Wire, connect};

fn join(dish: &Socket<Dish>, group: &'static str) {
    dish.set(PatternOption::Join(group.into()));
}

fn leave(dish: &Socket<Dish>, group: &'static str) {
    dish.set(PatternOption::Leave(group.into()));
}

fn message(group: &'static str, body: &'static str) -> Message {
    Message::from_frames([group, body])
}

/// What the socket says to an option.
fn try_set(dish: &Socket<Dish>, option: &PatternOption) -> Result<(), OptionError> {
    let half = dish.halves.outbound();
    half.set_option(option, &mut Wakes::new())
}

/// A RADIO and DISHes in one process, each with its groups.
fn radio(groups: &[&[&'static str]], marks: usize) -> (Socket<Radio>, Vec<Socket<Dish>>) {
    let mut radio = Socket::<Radio>::new();
    let dishes = groups.iter().map(|groups| {
        let mut dish = Socket::<Dish>::new();
        connect(&mut radio, &mut dish, Marks(marks));
        groups.iter().for_each(|group| join(&dish, group));
        dish
    });
    let dishes = dishes.collect();
    (radio, dishes)
}

#[test]
fn a_message_goes_to_those_who_have_joined_just_its_group() {
    let (radio, dishes) = radio(&[&["a", "b"], &["ab", ""], &["a"]], 10);
    for (group, body) in [("a", "1"), ("ab", "2"), ("", "3"), ("abc", "4"), ("b", "5")] {
        assert!(radio.send(message(group, body)));
    }
    assert_eq!(dishes[0].recv_all(), ["a|1", "b|5"]);
    assert_eq!(dishes[1].recv_all(), ["ab|2", "|3"]);
    assert_eq!(dishes[2].recv_all(), ["a|1"]);
    leave(&dishes[0], "a");
    assert!(radio.send(message("a", "6")));
    assert_eq!(dishes[0].recv_all(), [""; 0]);
    assert_eq!(dishes[2].recv_all(), ["a|6"]);
}

#[test]
fn messages_of_a_group_that_was_left_are_passed_over() {
    let (radio, dishes) = radio(&[&["a", "b"]], 10);
    for (group, body) in [("a", "1"), ("b", "2"), ("a", "3")] {
        assert!(radio.send(message(group, body)));
    }
    leave(&dishes[0], "a");
    assert_eq!(dishes[0].recv_all(), ["b|2"]);
}

#[test]
fn joining_twice_and_leaving_unjoined_is_refused_and_changes_nothing() {
    let (radio, dishes) = radio(&[&["a"]], 10);
    let longest = Bytes::from(vec![b'g'; 255]);
    let too_long = Bytes::from(vec![b'g'; 256]);
    let refused = |option: PatternOption| {
        let name = option.name();
        assert_eq!(
            try_set(&dishes[0], &option),
            Err(OptionError::OutOfRange(name))
        );
    };
    refused(PatternOption::Join("a".into()));
    refused(PatternOption::Leave("b".into()));
    refused(PatternOption::Join(too_long));
    refused(PatternOption::Join("zero\0".into()));
    assert_eq!(
        try_set(&dishes[0], &PatternOption::Join(longest.clone())),
        Ok(())
    );
    assert!(radio.send(Message::from_frames([longest, "long".into()])));
    assert!(radio.send(message("a", "once")));
    assert!(radio.send(message("b", "not joined")));
    assert_eq!(dishes[0].recv_all().len(), 2);
    leave(&dishes[0], "a");
    refused(PatternOption::Leave("a".into()));
    assert!(radio.send(message("a", "left")));
    assert_eq!(dishes[0].recv_all(), [""; 0]);
    for option in [
        PatternOption::Subscribe("a".into()),
        PatternOption::InvertMatching(true),
    ] {
        let unsupported = Err(OptionError::Unsupported(option.name()));
        assert_eq!(try_set(&dishes[0], &option), unsupported);
    }
}

#[test]
fn a_message_has_a_group_and_a_body() {
    let (radio, dishes) = radio(&[&["a"]], 10);
    let group = Bytes::from(vec![b'g'; 256]);
    for malformed in [
        Message::from("a"),
        Message::from_frames(["a", "b", "c"]),
        Message::from_frames([group, Bytes::new()]),
    ] {
        let mut wakes = Wakes::new();
        let mut half = radio.halves.outbound().lock(&mut wakes);
        let sent = half.try_send(&malformed, &mut wakes);
        assert_eq!(sent, Err(TrySendError::Malformed));
        let slot = half.reserve(b"a", &mut wakes).expect("never full");
        half.commit(slot, &malformed, &mut wakes);
    }
    assert_eq!(dishes[0].recv_all(), [""; 0]);
}

#[test]
fn what_else_a_peer_of_the_same_process_sends_is_passed_over() {
    let (mut publisher, mut dish) = (Socket::<Pub>::new(), Socket::<Dish>::new());
    connect(&mut publisher, &mut dish, Marks(10));
    join(&dish, "a");
    for frames in [&["a"][..], &["a", "b", "c"], &["a", "b"]] {
        assert!(publisher.send(Message::from_frames(frames.iter().map(|it| it.to_string()))));
    }
    assert_eq!(dish.recv_all(), ["a|b"]);
}

#[test]
fn a_full_dish_misses_messages_unless_the_radio_waits() {
    let (radio, dishes) = radio(&[&["a"], &["b"]], 2);
    let send = |group, body| radio.send(message(group, body));
    assert!(send("a", "1"));
    assert!(send("a", "2") && send("a", "missed"));
    assert_eq!(dishes[0].recv_all(), ["a|1", "a|2"]);
    radio.set(PatternOption::XpubNoDrop(true));
    assert!(send("a", "3") && send("a", "4"));
    assert!(!send("a", "5"));
    assert!(send("b", "for another"));
    assert_eq!(dishes[0].recv_all(), ["a|3", "a|4"]);
    assert!(send("a", "5"));
}

#[test]
fn a_radio_has_no_other_options() {
    let radio = Socket::<Radio>::new();
    for option in [
        PatternOption::InvertMatching(true),
        PatternOption::XpubWelcome("hello".into()),
        PatternOption::OnlyFirstSubscribe(true),
    ] {
        let set = radio
            .halves
            .outbound()
            .set_option(&option, &mut Wakes::new());
        assert_eq!(set, Err(OptionError::Unsupported(option.name())));
    }
}

#[test]
fn groups_are_joined_anew_with_each_connection() {
    let (mut radio, mut dish) = (Socket::<Radio>::new(), Socket::<Dish>::new());
    let mut wire = Wire::new(&mut dish, Marks(10));
    join(&dish, "a");
    for round in ["1", "2", "3"] {
        wire.connect(&dish, &mut radio);
        dish.enter();
        join(&dish, "b");
        leave(&dish, "b");
        while wire.up(10) > 0 {}
        assert!(radio.send(message("a", round)) && radio.send(message("b", "left")));
        wire.down(10);
        assert_eq!(dish.recv_all(), [format!("a|{round}")]);
        wire.lose(&dish);
    }
}

#[test]
fn topics_are_still_prefixes() {
    let (mut publisher, mut subscriber) = (Socket::<Pub>::new(), Socket::<Sub>::new());
    connect(&mut publisher, &mut subscriber, Marks(10));
    subscriber.subscribe("a");
    assert!(publisher.send("abc"));
    assert_eq!(subscriber.recv_all(), ["abc"]);
}

/// Both ends of a link, and what is in it.
fn link<P: Pattern>(socket: &mut Socket<P>, mark: usize) -> (PeerId, PipeWriter, PipeReader) {
    let ((writer, out), (source, reader)) = (Marks(mark).pipe(), Marks(mark).pipe());
    (socket.attach_link(writer, reader), source, out)
}

fn pop_all(out: &mut PipeReader) -> Vec<Message> {
    let mut message = Message::new();
    let popped = std::iter::from_fn(|| {
        let popped = out.pop(&mut message, &mut Wakes::new());
        popped.is_ok().then(|| message.clone())
    });
    popped.collect()
}

#[test]
fn a_link_without_anybody_to_ask_gets_every_group() {
    let (mut radio, dishes) = radio(&[&["a"]], 10);
    let (first, _source, mut one) = link(&mut radio, 10);
    let (_, _other_source, mut other) = link(&mut radio, 10);
    assert!(radio.send(message("a", "1")));
    assert!(radio.send(message("b", "2")));
    let both = [message("a", "1"), message("b", "2")];
    assert_eq!(
        (pop_all(&mut one), pop_all(&mut other)),
        (both.to_vec(), both.to_vec())
    );
    assert_eq!(dishes[0].recv_all(), ["a|1"]);

    radio.signal(|| Signal::Detach(first));
    let (_, _newcomers_source, mut newcomer) = link(&mut radio, 10);
    assert!(radio.send(message("c", "3")));
    assert_eq!(pop_all(&mut newcomer), [message("c", "3")]);
    assert_eq!(pop_all(&mut other), [message("c", "3")]);
    assert_eq!(pop_all(&mut one), []);
}

#[test]
fn a_full_link_misses_messages_unless_the_radio_waits() {
    let mut radio = Socket::<Radio>::new();
    let (_, _source, mut out) = link(&mut radio, 1);
    assert!(radio.send(message("a", "1")) && radio.send(message("a", "2")));
    assert_eq!(pop_all(&mut out), [message("a", "1")]);
    radio.set(PatternOption::XpubNoDrop(true));
    assert!(radio.send(message("a", "3")));
    let half = radio.halves.outbound();
    let refused = half
        .lock(&mut Wakes::new())
        .try_send(&message("b", "4"), &mut Wakes::new());
    assert_eq!(refused, Err(TrySendError::Full));
    assert_eq!(pop_all(&mut out), [message("a", "3")]);
}

#[test]
fn a_pub_sends_such_a_link_every_topic() {
    let mut publisher = Socket::<Pub>::new();
    let (_, _source, mut out) = link(&mut publisher, 10);
    assert!(publisher.send("anything"));
    assert_eq!(pop_all(&mut out), [Message::from("anything")]);
}

#[test]
fn a_dish_asks_a_link_for_nothing_and_hears_its_own_groups() {
    let mut dish = Socket::<Dish>::new();
    join(&dish, "a");
    let (_, mut source, mut out) = link(&mut dish, 10);
    join(&dish, "b");
    for group in ["a", "b", "c"] {
        let sent = source.push(&[], &message(group, "!"), 0, &mut Wakes::new());
        assert_eq!(sent, Ok(()));
    }
    assert_eq!(dish.recv_all(), ["a|!", "b|!"]);
    assert_eq!(pop_all(&mut out), []);
}
