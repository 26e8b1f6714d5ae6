//! Sockets of one process.

use ferromq::{Message, Options, PullSocket, PushSocket, SendFailure};

#[tokio::test]
async fn messages_wait_for_the_bind_and_pass_at_once_after_it() {
    let (pull, push) = (PullSocket::new(), PushSocket::new());
    push.connect("inproc://before").expect("a name");
    push.send("one").await.expect("room");
    pull.bind("inproc://before").await.expect("a free name");
    assert_eq!(pull.recv().await.expect("a message"), Message::from("one"));
    let late = PushSocket::new();
    late.connect("inproc://before").expect("a name");
    late.try_send("two").expect("room");
    assert_eq!(pull.try_recv().expect("a message"), Message::from("two"));
    drop(late);
    push.try_send("three").expect("room");
    assert_eq!(pull.try_recv().expect("a message"), Message::from("three"));
}

#[tokio::test]
async fn a_socket_that_closed_before_the_bind_is_still_heard() {
    let push = PushSocket::new();
    push.connect("inproc://legacy").expect("a name");
    push.try_send("will").expect("room");
    push.close().await;
    let pull = PullSocket::new();
    pull.bind("inproc://legacy").await.expect("a free name");
    assert_eq!(pull.try_recv().expect("a message"), Message::from("will"));
}

#[tokio::test]
async fn the_marks_of_both_sides_add_up_and_credit_comes_by_halves() {
    let pull = PullSocket::with_options(Options::new().receive_high_water(3));
    let push = PushSocket::with_options(Options::new().send_high_water(2));
    pull.bind("inproc://marks").await.expect("a free name");
    push.connect("inproc://marks").expect("a name");
    let fill = || std::iter::from_fn(|| push.try_send("x").ok()).count();
    assert_eq!(fill(), 5);
    for _ in 0..2 {
        pull.try_recv().expect("a message");
        let full = push
            .try_send("x")
            .expect_err("less than half of the mark was read");
        assert_eq!(full.reason(), SendFailure::WouldBlock);
    }
    pull.try_recv().expect("a message");
    assert_eq!(fill(), 3);
}

#[tokio::test]
async fn marks_move_on_either_side_as_in_libzmq() {
    let fill = |push: &PushSocket| std::iter::from_fn(|| push.try_send("x").ok()).count();
    let marked = |mark| {
        Options::new()
            .send_high_water(mark)
            .receive_high_water(mark)
    };
    // Before the name is bound: libzmq's test_change_before_connected.
    let (pull, push) = (PullSocket::new(), PushSocket::new());
    push.set_options(marked(2));
    pull.set_options(marked(2));
    push.connect("inproc://moved-early").expect("a name");
    pull.bind("inproc://moved-early")
        .await
        .expect("a free name");
    assert_eq!(fill(&push), 4);
    // And after: test_change_after_connected.
    let push = PushSocket::with_options(marked(1));
    let pull = PullSocket::with_options(marked(1));
    pull.bind("inproc://moved").await.expect("a free name");
    push.connect("inproc://moved").expect("a name");
    push.set_options(marked(5));
    assert_eq!(fill(&push), 6);
    // The receiver's part, which libzmq moves too, if not while the pipe is full.
    pull.set_options(marked(3));
    assert_eq!(fill(&push), 2);
}

#[tokio::test]
async fn marks_in_bytes_add_up_too() {
    let fill = |push: &PushSocket| std::iter::from_fn(|| push.try_send(vec![0; 98]).ok()).count();
    let push = PushSocket::with_options(Options::new().send_high_water_bytes(300));
    let pull = PullSocket::with_options(Options::new().receive_high_water_bytes(200));
    push.connect("inproc://bytes").expect("a name");
    assert_eq!(fill(&push), 3, "the name is not bound");
    pull.bind("inproc://bytes").await.expect("a free name");
    assert_eq!(fill(&push), 2);
    pull.set_options(Options::new().receive_high_water_bytes(1000));
    assert_eq!(fill(&push), 8);
    // No mark on one side is none, and then the one in messages counts.
    push.set_options(Options::new());
    assert_eq!(fill(&push), 2000 - 13);
}

#[tokio::test]
async fn a_mark_that_is_lowered_while_the_pipe_is_full_loses_nothing() {
    // libzmq's test_decrease_when_full, which wants to see some room in the end.
    let fill = |push: &PushSocket| std::iter::from_fn(|| push.try_send("x").ok()).count();
    let push = PushSocket::with_options(Options::new().send_high_water(100));
    let pull = PullSocket::with_options(Options::new().receive_high_water(1));
    push.bind("inproc://lowered").await.expect("a free name");
    pull.connect("inproc://lowered").expect("a name");
    assert_eq!(fill(&push), 101);
    push.set_options(Options::new().send_high_water(70));
    let read = std::iter::from_fn(|| pull.try_recv().ok()).count();
    assert_eq!(read, 101);
    // Room comes back by halves of the new mark: of 101 that were read, 72.
    assert_eq!(fill(&push), 71 - (101 - 72));
}

#[tokio::test]
async fn credit_comes_by_halves_of_both_marks_together_from_the_beginning() {
    let pull = PullSocket::with_options(Options::new().receive_high_water(5));
    let push = PushSocket::with_options(Options::new().send_high_water(5));
    pull.bind("inproc://halves").await.expect("a free name");
    push.connect("inproc://halves").expect("a name");
    let fill = || std::iter::from_fn(|| push.try_send("x").ok()).count();
    assert_eq!(fill(), 10);
    for _ in 0..4 {
        pull.try_recv().expect("a message");
        assert_eq!(fill(), 0);
    }
    pull.try_recv().expect("a message");
    assert_eq!(fill(), 5);
}

#[tokio::test]
async fn a_name_is_one_sockets_and_free_after_it() {
    let (first, second) = (PullSocket::new(), PullSocket::new());
    first.bind("inproc://name").await.expect("a free name");
    let taken = second
        .bind("inproc://name")
        .await
        .expect_err("a name that is taken");
    assert!(
        taken.to_string().contains("inproc://name is in use"),
        "{taken}"
    );
    first.unbind("inproc://name").expect("a bound name");
    second.bind("inproc://name").await.expect("a free name");
    drop(second);
    first.bind("inproc://name").await.expect("a free name");
}
