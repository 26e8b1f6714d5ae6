//! High-water marks over a wire, on a paused clock.

use std::time::Duration;

use ferromq::{Message, PullSocket, PushSocket, SendFailure};

use crate::support::{impatient, ready, simulated};

#[tokio::test(start_paused = true)]
async fn both_queues_of_a_connection_count_whole_messages() {
    let (network, context) = simulated();
    let pull = PullSocket::in_context(&context, impatient().receive_high_water(10));
    let push = PushSocket::in_context(&context, impatient().send_high_water(20));
    let mut monitor = push.monitor();
    pull.bind("sim://sink").await.expect("a free name");
    push.connect("sim://sink").expect("an endpoint");
    ready(&mut monitor).await;
    // The wire holds 64 KiB, and the reader's buffer as much: less than one message.
    let large = || Message::from(vec![0; 512 << 10]);
    let mut sent = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(1)).await;
        match push.try_send(large()) {
            Ok(()) => sent += 1,
            Err(error) => {
                assert_eq!(error.reason(), SendFailure::WouldBlock);
                break;
            }
        }
    }
    // Ten were received, one is being read or written, twenty wait.
    assert!((30..=32).contains(&sent), "{sent} messages");
    drop(network);
    for _ in 0..sent {
        assert_eq!(pull.recv().await.expect("a message"), large());
    }
}

#[tokio::test(start_paused = true)]
async fn the_marks_of_a_live_connection_can_be_moved() {
    let (_network, context) = simulated();
    let pull = PullSocket::in_context(&context, impatient().receive_high_water(10));
    let push = PushSocket::in_context(&context, impatient().send_high_water(20));
    let mut monitor = push.monitor();
    pull.bind("sim://sink").await.expect("a free name");
    push.connect("sim://sink").expect("an endpoint");
    ready(&mut monitor).await;
    let message = || Message::from(vec![0; 512 << 10]);
    let fill = async || {
        let mut sent = 0;
        // A paused clock moves on when nobody has anything left to do.
        while tokio::time::timeout(Duration::from_millis(1), push.send(message()))
            .await
            .is_ok_and(|sent| sent.is_ok())
        {
            sent += 1;
        }
        sent
    };
    let mut sent = fill().await;
    push.set_options(push.options().send_high_water(25));
    assert_eq!(fill().await, 5, "the sender's queue is longer");
    // By half the sender's mark, which is when it hears of it.
    pull.set_options(pull.options().receive_high_water(10 + 13));
    assert_eq!(fill().await, 13, "the receiver's queue is longer");
    sent += 5 + 13;
    push.set_options(push.options().send_high_water(3));
    pull.set_options(pull.options().receive_high_water(2));
    assert_eq!(fill().await, 0, "both are longer than they may be");
    for _ in 0..sent {
        assert_eq!(pull.recv().await.expect("nothing is lost"), message());
    }
    assert!(pull.try_recv().is_err(), "and nothing else comes");
    let sent = fill().await;
    // One that was read may not have been given back.
    assert!((4..=7).contains(&sent), "{sent} messages");
}

#[tokio::test(start_paused = true)]
async fn a_mark_in_bytes_stands_beside_the_one_in_messages() {
    let (_network, context) = simulated();
    let pull = impatient()
        .receive_high_water(1000)
        .receive_high_water_bytes(1 << 20);
    let pull = PullSocket::in_context(&context, pull);
    let push = impatient()
        .send_high_water(1000)
        .send_high_water_bytes(2 << 20);
    let push = PushSocket::in_context(&context, push);
    let mut monitor = push.monitor();
    pull.bind("sim://sink").await.expect("a free name");
    push.connect("sim://sink").expect("an endpoint");
    ready(&mut monitor).await;
    let message = |size: usize| Message::from(vec![0; size]);
    let pause = Duration::from_millis(1);
    let fill = async |size| {
        let mut sent = 0;
        while let Ok(Ok(())) = tokio::time::timeout(pause, push.send(message(size))).await {
            sent += 1;
        }
        sent
    };
    let sent = fill(256 << 10).await;
    // Four were received, eight wait, and one or two are being read and written.
    assert!(
        (12..=14).contains(&sent),
        "{sent} messages of a quarter MiB"
    );
    for _ in 0..sent {
        assert_eq!(pull.recv().await.expect("a message"), message(256 << 10));
    }
    // One that is larger than both marks passes, and so does the next.
    for _ in 0..2 {
        push.send(message(5 << 20)).await.expect("room");
        assert_eq!(pull.recv().await.expect("a message"), message(5 << 20));
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_for_room_is_woken_by_a_higher_mark() {
    let (_network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient().send_high_water(1));
    push.connect("sim://nowhere").expect("an endpoint");
    push.send("1").await.expect("room");
    let mut second = std::pin::pin!(push.send("2"));
    let pause = Duration::from_millis(1);
    assert!(tokio::time::timeout(pause, &mut second).await.is_err());
    push.set_options(push.options().send_high_water(2));
    second.await.expect("room, and nobody has read");
}

#[tokio::test(start_paused = true)]
async fn a_socket_without_peers_waits_as_long_as_it_may() {
    let (_network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient().send_timeout(Duration::from_secs(3)));
    let begin = tokio::time::Instant::now();
    let error = push.send("nobody").await.expect_err("no peer comes");
    assert_eq!(error.reason(), SendFailure::Timeout);
    assert_eq!(error.into_message(), Message::from("nobody"));
    assert_eq!(begin.elapsed().as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn many_senders_share_what_room_there_is() {
    let (_network, context) = simulated();
    let pull = PullSocket::in_context(&context, impatient().receive_high_water(1));
    let push = PushSocket::in_context(&context, impatient().send_high_water(1));
    pull.bind("sim://sink").await.expect("a free name");
    push.connect("sim://sink").expect("an endpoint");
    let senders: Vec<_> = (0..20)
        .map(|sender| {
            let push = push.clone();
            tokio::spawn(async move {
                for number in 0..50 {
                    push.send(format!("{sender}.{number}"))
                        .await
                        .expect("room in time");
                }
            })
        })
        .collect();
    let mut next = [0; 20];
    for _ in 0..1000 {
        let message = pull.recv().await.expect("a message");
        let (sender, number) = message
            .as_str()
            .expect("text")
            .split_once('.')
            .expect("a dot");
        let sender: usize = sender.parse().expect("a number");
        assert_eq!(
            number.parse(),
            Ok(next[sender]),
            "each sender's messages are in order"
        );
        next[sender] += 1;
    }
    for sender in senders {
        sender.await.expect("every sender is served");
    }
}
