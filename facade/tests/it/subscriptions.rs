//! Subscriptions as applications see and make them.

use ferromq::{
    AnySocket, OptionError, PatternOption, PubSocket, PushSocket, SubSocket, XPubSocket, XSubSocket,
};

use crate::support::{impatient, simulated};

const SUBSCRIBE: &[u8] = b"\x01topic";
const CANCEL: &[u8] = b"\0topic";

#[tokio::test]
async fn topics_are_counted_on_both_sides() {
    let (publisher, subscriber) = (XPubSocket::new(), SubSocket::new());
    publisher.bind("inproc://counted").await.expect("free");
    subscriber.connect("inproc://counted").expect("a name");
    for topic in ["a", "ab", "ab", ""] {
        subscriber.subscribe(topic).expect("a SUB");
    }
    assert_eq!((publisher.topics(), subscriber.topics()), (3, 3));
    for topic in ["ab", "a", "unknown"] {
        subscriber.unsubscribe(topic).expect("a SUB");
    }
    assert_eq!((publisher.topics(), subscriber.topics()), (2, 2));
    let any: AnySocket = subscriber.into();
    assert_eq!(any.topics(), Some(2));
    drop(any);
    assert_eq!(publisher.topics(), 0);
    let others: [AnySocket; 2] = [PubSocket::new().into(), XSubSocket::new().into()];
    assert!(others.iter().all(|socket| socket.topics() == Some(0)));
    assert_eq!(AnySocket::from(PushSocket::new()).topics(), None);
}

/// libzmq's `test_xpub_manual`, `test_xpub_proxy_unsubscribe_on_disconnect`.
#[tokio::test]
async fn a_proxy_that_subscribes_for_its_peers_takes_it_back_for_each() {
    let (_network, context) = simulated();
    let front = XSubSocket::in_context(&context, impatient());
    let back = XPubSocket::in_context(&context, impatient());
    let publisher = XPubSocket::in_context(&context, impatient());
    back.set(&PatternOption::XpubManual(true)).expect("an XPUB");
    let verboser = PatternOption::XpubVerboser(true);
    publisher.set(&verboser).expect("an XPUB");
    front.bind("sim://front").await.expect("free");
    back.bind("sim://back").await.expect("free");
    publisher.connect("sim://front").expect("a name");

    let mut subscribers = Vec::new();
    for _ in 0..2 {
        let subscriber = SubSocket::in_context(&context, impatient());
        subscriber.connect("sim://back").expect("a name");
        subscriber.subscribe("topic").expect("a SUB");
        let request = back.recv().await.expect("a request");
        assert_eq!(request.body(), SUBSCRIBE);
        let topic = PatternOption::Subscribe("topic".into());
        back.set(&topic).expect("the mode is on");
        front.send(request).await.expect("never full");
        let told = publisher.recv().await.expect("a request");
        assert_eq!(told.body(), SUBSCRIBE);
        subscribers.push(subscriber);
    }
    publisher.send("topic and more").await.expect("never full");
    let message = front.recv().await.expect("a message");
    back.send(message).await.expect("never full");
    for subscriber in &subscribers {
        let message = subscriber.recv().await.expect("a message");
        assert_eq!(message.body(), b"topic and more");
    }

    for subscriber in subscribers {
        subscriber.close().await;
        let end = back.recv().await.expect("the end of a request");
        assert_eq!(end.body(), CANCEL);
        let topic = PatternOption::Unsubscribe("topic".into());
        back.set(&topic).expect("the mode is on");
        front.send(end).await.expect("never full");
    }
    let told = publisher.recv().await.expect("one end, the last");
    assert_eq!(told.body(), CANCEL);
    assert_eq!((publisher.topics(), back.topics()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn what_changed_without_a_connection_is_in_what_the_next_one_begins_with() {
    let (network, context) = simulated();
    let publisher = XPubSocket::in_context(&context, impatient());
    let verboser = PatternOption::XpubVerboser(true);
    publisher.set(&verboser).expect("an XPUB");
    publisher.bind("sim://publisher").await.expect("free");
    let subscriber = SubSocket::in_context(&context, impatient());
    for topic in ["goes", "stays"] {
        subscriber.subscribe(topic).expect("a SUB");
    }
    subscriber.connect("sim://publisher").expect("a name");
    let hear = async |expected: [&[u8]; 2]| {
        for text in expected {
            assert_eq!(publisher.recv().await.expect("a notice").body(), text);
        }
    };
    hear([b"\x01goes", b"\x01stays"]).await;
    network.cut();
    // The subscriptions of a connection that is gone end in any order.
    for _ in 0..2 {
        let end = publisher.recv().await.expect("the end of a topic");
        assert_eq!(end.head()[0], 0);
    }
    for topic in ["comes", "never"] {
        subscriber.subscribe(topic).expect("a SUB");
    }
    for topic in ["goes", "never"] {
        subscriber.unsubscribe(topic).expect("a SUB");
    }
    hear([b"\x01comes", b"\x01stays"]).await;
    subscriber.subscribe("last").expect("a SUB");
    assert_eq!(
        publisher.recv().await.expect("a notice").body(),
        b"\x01last"
    );
}

/// Each new connection, however small the marks.
#[tokio::test(start_paused = true)]
async fn fifty_thousand_subscriptions_come_with_each_connection() {
    const TOPICS: usize = 50_000;
    let (_network, context) = simulated();
    let options = || impatient().send_high_water(1000).receive_high_water(1000);
    let subscriber = SubSocket::in_context(&context, options());
    for n in 0..TOPICS {
        subscriber.subscribe(format!("topic/{n}")).expect("a SUB");
    }
    subscriber.connect("sim://publisher").expect("a name");
    for _ in 0..2 {
        let publisher = XPubSocket::in_context(&context, options());
        publisher.bind("sim://publisher").await.expect("free");
        for _ in 0..TOPICS {
            let notice = publisher.recv().await.expect("a notice");
            assert_eq!(notice.head()[0], 1);
        }
        assert_eq!(publisher.topics(), TOPICS);
        publisher.close().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_topic_may_be_as_long_as_a_message() {
    let (_network, context) = simulated();
    let publisher = XPubSocket::in_context(&context, impatient());
    publisher.bind("sim://publisher").await.expect("free");
    let subscriber = SubSocket::in_context(&context, impatient());
    subscriber.connect("sim://publisher").expect("a name");
    let topic = vec![b'x'; 1 << 20];
    subscriber.subscribe(&topic).expect("a SUB");
    publisher.recv().await.expect("a notice");
    let behind = [&topic[..], b" and more"].concat();
    publisher
        .send(topic[1..].to_vec())
        .await
        .expect("never full");
    publisher.send(behind.clone()).await.expect("never full");
    assert_eq!(subscriber.recv().await.expect("a message").body(), behind);
    subscriber.unsubscribe(&topic).expect("a SUB");
    assert_eq!(publisher.recv().await.expect("a notice").head()[0], 0);
    assert_eq!((publisher.topics(), subscriber.topics()), (0, 0));
}

#[tokio::test]
async fn an_option_of_another_socket_is_named_and_nothing_changes() {
    let publisher = XPubSocket::new();
    let refused = publisher.set(&PatternOption::ReqRelaxed(true));
    assert_eq!(refused, Err(OptionError::Unsupported("ZMQ_REQ_RELAXED")));
    let early = publisher.set(&PatternOption::Subscribe("a".into()));
    assert_eq!(early, Err(OptionError::OutOfTurn("ZMQ_SUBSCRIBE")));
    assert_eq!(publisher.topics(), 0);
}
