//! Many messages at once, and frames of all sizes.

use std::collections::VecDeque;

use ferromq::{DealerSocket, Message, PullSocket, PushSocket};

async fn connected() -> (PushSocket, PullSocket) {
    let (push, pull) = (PushSocket::new(), PullSocket::new());
    let endpoint = pull.bind("tcp://127.0.0.1:*").await.expect("a free port");
    push.connect(endpoint.as_str()).expect("an endpoint");
    (push, pull)
}

#[tokio::test]
async fn a_batch_may_be_of_anything_that_is_sent() {
    let (push, pull) = connected().await;
    let large = "large".repeat(20_000);
    let parts = Message::from_frames(["one", "two"]);
    let mut borrowed = VecDeque::from(["a", "", &large]);
    let mut owned = VecDeque::from([large.clone(), "b".to_owned()]);
    let mut whole = VecDeque::from([parts.clone(), Message::from(&*large)]);
    push.send_many(&mut borrowed).await.expect("room");
    push.send_many(&mut owned).await.expect("room");
    push.send_many(&mut whole).await.expect("room");
    assert_eq!((borrowed.len(), owned.len(), whole.len()), (0, 0, 0));

    let mut received = Vec::new();
    while received.len() < 7 {
        let more = pull.recv_many(&mut received, 4).await.expect("messages");
        assert!((1..=4).contains(&more));
    }
    let large = Message::from(large);
    let texts = |text| Message::from(text);
    let expected = [
        texts("a"),
        texts(""),
        large.clone(),
        large.clone(),
        texts("b"),
        parts,
        large,
    ];
    assert_eq!(received, expected);
}

#[tokio::test]
async fn frames_of_all_sizes_arrive_whole_and_in_order() {
    let (push, pull) = connected().await;
    let kib = [
        64, 64, 64, 1, 0, 8, 7, 65, 63, 128, 128, 129, 127, 300, 1100, 300, 2, 64, 5000,
    ];
    let body = |nth: usize, size: usize| vec![nth as u8; size];
    let sizes = kib
        .iter()
        .map(|kib| kib << 10)
        .flat_map(|size| [size, size + 9, size / 3]);
    let messages: Vec<_> = sizes
        .enumerate()
        .map(|(nth, size)| match nth % 4 {
            // In parts, some of them small.
            3 => Message::from_frames([body(nth, 3), body(nth, size), body(nth, size / 50)]),
            _ => Message::from(body(nth, size)),
        })
        .collect();
    let many_parts = Message::from_frames((0..2000).map(|nth| body(nth, 1000)));
    for round in 0..3 {
        let sending = async {
            push.send(many_parts.clone()).await.expect("room");
            for message in &messages {
                push.send(message.clone()).await.expect("room");
            }
        };
        let receiving = async {
            assert_eq!(pull.recv().await.expect("a message"), many_parts);
            for (nth, message) in messages.iter().enumerate() {
                let received = pull.recv().await.expect("a message");
                assert!(received == *message, "number {nth} of round {round}");
            }
        };
        tokio::join!(sending, receiving);
    }
}

/// Answers to several messages wait a little for each other, but not for one that does
/// not come.
#[tokio::test]
async fn an_answer_leaves_although_the_application_reads_no_further() {
    let (asks, answers) = (DealerSocket::new(), DealerSocket::new());
    let endpoint = answers.bind("tcp://127.0.0.1:*").await.expect("free");
    asks.connect(endpoint.as_str()).expect("an endpoint");
    for round in 0..100 {
        let mut questions = VecDeque::from(["first", "second", "third"]);
        asks.send_many(&mut questions).await.expect("room");
        let question = answers.recv().await.expect("a message");
        // The last round's are still to be read.
        answers.send(question).await.expect("room");
        answers.send(format!("{round}")).await.expect("room");
        asks.recv().await.expect("the question, sent back");
        let number = asks.recv().await.expect("a message");
        assert_eq!(number.as_str(), Ok(&*format!("{round}")));
    }
}
