//! Every asynchronous method, given up at every point.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ferromq::{
    DealerSocket, Message, Options, PairSocket, PeerSocket, PubSocket, PullSocket, PushSocket,
    RepSocket, ReqSocket, SubSocket,
};

use crate::support::{impatient, simulated};

/// Polls a future once and drops it.
fn poll_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

fn small(name: &str) -> (PushSocket, PullSocket, String) {
    let options = || Options::new().send_high_water(1).receive_high_water(1);
    let (push, pull) = (
        PushSocket::with_options(options()),
        PullSocket::with_options(options()),
    );
    (push, pull, format!("inproc://cancel/{name}"))
}

#[tokio::test]
async fn a_send_that_was_given_up_has_sent_all_or_nothing() {
    let (push, pull, name) = small("send");
    pull.bind(&name).await.expect("a free name");
    push.connect(&name).expect("a name");
    let mut sent = 0;
    for number in 0..10 {
        sent += usize::from(poll_once(push.send(format!("{number}"))).is_some());
    }
    assert_eq!(sent, 2, "the marks add up to two");
    for number in 0..2 {
        assert_eq!(
            pull.recv().await.expect("a message").as_str(),
            Ok(&*format!("{number}"))
        );
    }
    pull.try_recv().expect_err("nothing of the others");
}

#[tokio::test]
async fn a_send_to_one_peer_that_was_given_up_has_sent_all_or_nothing() {
    let options = || Options::new().send_high_water(1).receive_high_water(1);
    let (one, other) = (
        PeerSocket::with_options(options()),
        PeerSocket::with_options(options()),
    );
    other
        .bind("inproc://cancel/peer")
        .await
        .expect("a free name");
    let number = one.connect_peer("inproc://cancel/peer").expect("a name");
    let mut sent = 0;
    for body in 0..10 {
        sent += usize::from(poll_once(one.send_to(number, format!("{body}"))).is_some());
    }
    assert_eq!(sent, 2, "the marks add up to two");
    for body in 0..2 {
        let received = other.recv().await.expect("a message");
        assert_eq!(received.as_str(), Ok(&*format!("{body}")));
    }
    other.try_recv().expect_err("nothing of the others");
    one.send_to(number, "the next").await.expect("room");
    assert_eq!(other.recv().await, Ok(Message::from("the next")));
}

#[tokio::test]
async fn a_receive_that_was_given_up_has_taken_nothing() {
    let (push, pull, name) = small("recv");
    pull.bind(&name).await.expect("a free name");
    push.connect(&name).expect("a name");
    for number in 0..100 {
        assert!(poll_once(pull.recv()).is_none());
        push.send(format!("{number}")).await.expect("room");
        let received = poll_once(pull.recv())
            .expect("a message is there")
            .expect("a message");
        assert_eq!(received.as_str(), Ok(&*format!("{number}")));
    }
}

#[tokio::test]
async fn a_waiting_receive_that_was_given_up_passes_its_wake_on() {
    let (push, pull, name) = small("wake");
    pull.bind(&name).await.expect("a free name");
    push.connect(&name).expect("a name");
    for _ in 0..100 {
        let waiting = tokio::spawn({
            let pull = pull.clone();
            async move { pull.recv().await }
        });
        let given_up = tokio::spawn({
            let pull = pull.clone();
            async move { pull.recv().await }
        });
        tokio::task::yield_now().await;
        push.send("one").await.expect("room");
        given_up.abort();
        match given_up.await {
            // It was quicker than the end: the other one gets the next.
            Ok(received) => {
                received.expect("a message");
                push.send("another").await.expect("room");
            }
            Err(error) => assert!(error.is_cancelled()),
        }
        waiting.await.expect("the task ends").expect("a message");
    }
}

#[tokio::test]
async fn batches_that_were_given_up_are_where_they_say() {
    let (push, pull, name) = small("many");
    pull.bind(&name).await.expect("a free name");
    push.connect(&name).expect("a name");
    let mut messages: VecDeque<Message> = (0..10).map(|n| Message::from(format!("{n}"))).collect();
    let mut received = Vec::new();
    while received.len() < 10 {
        let _ = poll_once(push.send_many(&mut messages));
        let _ = poll_once(pull.recv_many(&mut received, 3));
    }
    assert!(messages.is_empty());
    let numbers: Vec<_> = received
        .iter()
        .map(|message| message.as_str().expect("text"))
        .collect();
    assert_eq!(numbers, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
}

#[tokio::test]
async fn a_slot_that_was_given_up_is_free_again() {
    let (push, pull, name) = small("slot");
    pull.bind(&name).await.expect("a free name");
    push.connect(&name).expect("a name");
    for _ in 0..10 {
        let first = push.reserve(b"").await.expect("a slot");
        let second = push.reserve(b"").await.expect("a slot");
        assert!(
            poll_once(push.reserve(b"")).is_none(),
            "the marks add up to two"
        );
        drop(first);
        let third = poll_once(push.reserve(b""))
            .expect("a free slot")
            .expect("a slot");
        drop((second, third));
    }
    push.reserve(b"").await.expect("a slot").send("reserved");
    assert_eq!(
        pull.recv().await.expect("a message").as_str(),
        Ok("reserved")
    );
}

#[tokio::test]
async fn requests_that_were_given_up_leave_the_socket_ready_and_no_reply_behind() {
    let (client, server) = (ReqSocket::new(), RepSocket::new());
    let endpoint = server.bind("tcp://127.0.0.1:*").await.expect("a free port");
    client.connect(endpoint.as_str()).expect("an endpoint");
    let serving = tokio::spawn(async move {
        while let Ok(request) = server.recv().await {
            tokio::task::yield_now().await;
            server.send(request).await.expect("a request was received");
        }
    });
    for round in 0..500 {
        for polls in 0..(round % 5) {
            let mut given_up = pin!(client.request(format!("given up {round}")));
            for _ in 0..polls {
                let waker = Waker::noop();
                if given_up
                    .as_mut()
                    .poll(&mut Context::from_waker(waker))
                    .is_ready()
                {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        let body = format!("round {round}");
        let reply = client.request(&*body).await.expect("a reply");
        assert_eq!(
            reply.as_str(),
            Ok(&*body),
            "each request gets its own reply"
        );
    }
    serving.abort();
}

#[tokio::test(start_paused = true)]
async fn requests_that_were_given_up_while_connections_break_leave_no_reply_behind() {
    let (network, context) = simulated();
    let server = RepSocket::in_context(&context, impatient());
    let options = impatient().receive_timeout(Duration::from_millis(700));
    let client = ReqSocket::in_context(&context, options);
    server.bind("sim://server").await.expect("a free name");
    client.connect("sim://server").expect("an endpoint");
    let serving = tokio::spawn(async move {
        for number in 0.. {
            let request = server.recv().await.expect("a request");
            tokio::time::sleep(Duration::from_millis(number * 37 % 300)).await;
            server.send(request).await.expect("a request was received");
        }
    });
    let mut answered = 0;
    for round in 0..2000_u64 {
        let patience = Duration::from_millis(round * 53 % 400);
        let _ = tokio::time::timeout(patience, client.request(format!("given up {round}"))).await;
        if round % 7 == 0 {
            network.cut();
        }
        let body = format!("round {round}");
        // A connection that breaks takes a request with it; what comes is the right reply.
        if let Ok(reply) = client.request(&*body).await {
            assert_eq!(
                reply.as_str(),
                Ok(&*body),
                "each request gets its own reply"
            );
            answered += 1;
        }
    }
    assert!(answered > 1000, "{answered} of 2000 were answered");
    serving.abort();
}

#[tokio::test]
async fn requests_of_several_tasks_queue_up() {
    let (client, server) = (ReqSocket::new(), RepSocket::new());
    server
        .bind("inproc://cancel/queue")
        .await
        .expect("a free name");
    client.connect("inproc://cancel/queue").expect("a name");
    let asking: Vec<_> = (0..20)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move { client.request(format!("{number}")).await })
        })
        .collect();
    for _ in 0..20 {
        let request = server.recv().await.expect("a request");
        server.send(request).await.expect("a request was received");
    }
    for (number, asked) in asking.into_iter().enumerate() {
        let reply = asked.await.expect("the task ends").expect("a reply");
        assert_eq!(reply.as_str(), Ok(&*format!("{number}")));
    }
}

#[tokio::test]
async fn waiting_for_subscribers_that_was_given_up_passes_its_wake_on() {
    let (publisher, subscriber) = (PubSocket::new(), SubSocket::new());
    publisher
        .bind("inproc://cancel/subscribers")
        .await
        .expect("free");
    subscriber
        .connect("inproc://cancel/subscribers")
        .expect("a name");
    for round in 0..100 {
        let topic = format!("topic {round}");
        let [given_up, waiting] = [(); 2].map(|()| {
            let (publisher, topic) = (publisher.clone(), topic.clone());
            tokio::spawn(async move { publisher.wait_for_subscribers_of(topic, 1).await })
        });
        tokio::task::yield_now().await;
        subscriber.subscribe(&topic).expect("a SUB");
        given_up.abort();
        let _ = given_up.await;
        waiting.await.expect("it ends").expect("the socket is open");
    }
}

#[tokio::test]
async fn waiting_for_a_connection_that_was_given_up_is_no_trouble_to_others() {
    let (one, other) = (PairSocket::new(), PairSocket::new());
    assert!(poll_once(one.ready()).is_none());
    let [given_up, waiting] = [(); 2].map(|()| {
        let one = one.clone();
        tokio::spawn(async move { one.ready().await })
    });
    tokio::task::yield_now().await;
    let endpoint = one.bind("tcp://127.0.0.1:*").await.expect("a free port");
    other.connect(endpoint.as_str()).expect("an endpoint");
    given_up.abort();
    let _ = given_up.await;
    waiting.await.expect("it ends").expect("a peer is there");
    assert!(poll_once(one.ready()).is_some());
}

#[tokio::test]
async fn binding_closing_and_watching_can_be_given_up() {
    let socket = PairSocket::new();
    for _ in 0..10 {
        let _ = poll_once(socket.bind("tcp://127.0.0.1:*"));
        tokio::task::yield_now().await;
    }
    let endpoint = socket.bind("tcp://127.0.0.1:*").await.expect("a free port");
    let mut monitor = socket.monitor();
    assert!(poll_once(monitor.recv()).is_none());
    let other = PairSocket::new();
    other.connect(endpoint.as_str()).expect("an endpoint");
    other.send("hello").await.expect("room");
    assert_eq!(
        socket.recv().await.expect("a message").as_str(),
        Ok("hello")
    );
    assert!(
        poll_once(monitor.recv()).is_some(),
        "a given up receive took no event"
    );
    let _ = poll_once(other.close());
    other.try_send("more").expect_err("the close has begun");
    other.close().await;
    let dealer = DealerSocket::new();
    dealer.close().await;
}
