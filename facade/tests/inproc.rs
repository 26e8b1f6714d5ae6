//! Sockets of one process.

use ferromq::*;

#[tokio::test]
async fn connect_before_bind_and_after() {
    let (pull, push) = (PullSocket::new(), PushSocket::new());
    push.connect("inproc://before").unwrap();
    push.send("one").await.unwrap();
    pull.bind("inproc://before").await.unwrap();
    assert_eq!(pull.recv().await.unwrap(), Message::from("one"));
    let late = PushSocket::new();
    late.connect("inproc://before").unwrap();
    late.try_send("two").unwrap();
    assert_eq!(pull.try_recv().unwrap(), Message::from("two"));
    drop(late);
    push.send("three").await.unwrap();
    assert_eq!(pull.try_recv().unwrap(), Message::from("three"));
}

#[tokio::test]
async fn marks_add_up() {
    let (pull, push) = (
        PullSocket::with_options(Options::new().receive_high_water(3)),
        PushSocket::with_options(Options::new().send_high_water(2)),
    );
    pull.bind("inproc://marks").await.unwrap();
    push.connect("inproc://marks").unwrap();
    let mut n = 0;
    while push.try_send("x").is_ok() {
        n += 1;
    }
    assert_eq!(n, 5);
    for _ in 0..2 {
        pull.try_recv().unwrap();
        assert!(push.try_send("x").is_err());
    }
    pull.try_recv().unwrap();
    n = 0;
    while push.try_send("x").is_ok() {
        n += 1;
    }
    assert_eq!(n, 3);
}
