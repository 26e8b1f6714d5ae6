//! Sockets without a runtime, on several threads, and on a large runtime.

use std::thread;
use std::time::Duration;

use ferromq::blocking;
use ferromq::{
    Interest, Message, Options, Poller, Proxy, ProxyEnd, PullSocket, PushSocket, RecvError,
};

#[test]
fn blocking_sockets_pass_messages_between_threads() {
    let sink = blocking::PullSocket::new();
    let endpoint = sink.bind("tcp://127.0.0.1:*").expect("a free port");
    let sources: Vec<_> = (0..4)
        .map(|source| {
            let endpoint = endpoint.clone();
            thread::spawn(move || {
                let push = blocking::PushSocket::new();
                push.connect(endpoint.as_str()).expect("an endpoint");
                for number in 0..5000 {
                    push.send(format!("{source}.{number}")).expect("room");
                }
                push.close();
            })
        })
        .collect();
    let mut next = [0; 4];
    for _ in 0..20_000 {
        let message = sink.recv().expect("a message");
        let (source, number) = message
            .as_str()
            .expect("text")
            .split_once('.')
            .expect("a dot");
        let source: usize = source.parse().expect("a number");
        assert_eq!(number.parse(), Ok(next[source]));
        next[source] += 1;
    }
    sources
        .into_iter()
        .for_each(|source| source.join().expect("a source ends"));
}

#[test]
fn two_threads_that_take_turns_hear_every_word() {
    let server = blocking::RepSocket::new();
    server.bind("inproc://threads/turns").expect("a free name");
    let answers = thread::spawn(move || {
        for number in 0..3000 {
            let request = server.recv().expect("a request");
            if number % 100 == 0 {
                // Longer than the client looks before it sleeps.
                thread::sleep(Duration::from_millis(1));
            }
            server.send(request).expect("somebody waits for it");
        }
    });
    let client = blocking::ReqSocket::new();
    client.connect("inproc://threads/turns").expect("a name");
    for number in 0..3000 {
        let request = number.to_string();
        let reply = client.request(request.as_str()).expect("a reply");
        assert_eq!(reply.as_str(), Ok(request.as_str()));
    }
    answers.join().expect("the server ends");
}

#[test]
fn a_blocking_receive_gives_up_in_time() {
    let options = Options::new().receive_timeout(Duration::from_millis(20));
    let sink = blocking::PullSocket::with_options(options);
    sink.bind("inproc://threads/timeout").expect("a free name");
    assert_eq!(sink.recv(), Err(RecvError::Timeout));
}

#[test]
fn a_poller_tells_sockets_and_descriptors_apart() {
    use std::io::Write;
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;

    let pull = blocking::PullSocket::new();
    let push = blocking::PushSocket::new();
    let endpoint = pull.bind("tcp://127.0.0.1:*").expect("a free port");
    push.connect(endpoint.as_str()).expect("an endpoint");
    let (mut writer, reader) = UnixStream::pair().expect("a pair");
    let mut poller = Poller::new().expect("a poller");
    poller.add(pull.clone(), 1, Interest::Readable);
    poller.add(push.clone(), 2, Interest::Writable);
    poller.add_fd(reader.as_fd(), 3, Interest::Readable);
    let keys = |poller: &mut Poller<'_>| -> Vec<usize> {
        let ready = poller.wait(Some(Duration::ZERO)).expect("a poll");
        ready.iter().map(|ready| ready.key).collect()
    };
    assert_eq!(keys(&mut poller), [2], "a connecting PUSH can be sent to");
    poller.remove(2);
    assert_eq!(keys(&mut poller), []);
    let sending = thread::spawn(move || push.send("hello").map(|()| push));
    let ready = poller.wait(None).expect("a poll");
    assert_eq!(ready.iter().map(|ready| ready.key).collect::<Vec<_>>(), [1]);
    assert_eq!(
        keys(&mut poller),
        [1],
        "what is not dealt with is reported again"
    );
    pull.recv().expect("a message");
    assert_eq!(keys(&mut poller), []);
    writer.write_all(b"x").expect("room");
    assert_eq!(poller.wait(None).expect("a poll")[0].key, 3);
    drop(sending.join().expect("sending ends").expect("room"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tasks_on_many_threads_lose_nothing() {
    let pull = PullSocket::new();
    let endpoint = pull.bind("tcp://127.0.0.1:*").await.expect("a free port");
    let push = PushSocket::new();
    for _ in 0..3 {
        push.connect(endpoint.as_str()).expect("an endpoint");
    }
    let senders: Vec<_> = (0..8)
        .map(|sender: u64| {
            let push = push.clone();
            tokio::spawn(async move {
                for number in 0..5000_u64 {
                    push.send((sender * 5000 + number).to_string())
                        .await
                        .expect("room");
                }
            })
        })
        .collect();
    let receivers: Vec<_> = (0..4)
        .map(|_| {
            let pull = pull.clone();
            tokio::spawn(async move {
                let mut sum = 0;
                for _ in 0..10_000 {
                    let message = pull.recv().await.expect("a message");
                    sum += message
                        .as_str()
                        .expect("text")
                        .parse::<u64>()
                        .expect("a number");
                }
                sum
            })
        })
        .collect();
    for sender in senders {
        sender.await.expect("a sender ends");
    }
    let mut sum = 0;
    for receiver in receivers {
        sum += receiver.await.expect("a receiver ends");
    }
    assert_eq!(sum, 40_000 * 39_999 / 2, "every number came once");
}

#[tokio::test]
async fn a_proxy_passes_messages_and_obeys() {
    let (front, back) = (PullSocket::new(), PushSocket::new());
    front
        .bind("inproc://proxy/front")
        .await
        .expect("a free name");
    back.bind("inproc://proxy/back").await.expect("a free name");
    let (control, steer) = (ferromq::PairSocket::new(), ferromq::PairSocket::new());
    control
        .bind("inproc://proxy/control")
        .await
        .expect("a free name");
    steer.connect("inproc://proxy/control").expect("a name");
    let (capture, shown) = (PushSocket::new(), PullSocket::new());
    shown
        .bind("inproc://proxy/shown")
        .await
        .expect("a free name");
    capture.connect("inproc://proxy/shown").expect("a name");
    let proxy = Proxy::new(front, back).capture(capture).control(control);
    let running = tokio::spawn(proxy.run());

    let (source, sink) = (PushSocket::new(), PullSocket::new());
    source.connect("inproc://proxy/front").expect("a name");
    sink.connect("inproc://proxy/back").expect("a name");
    for number in 0..3000 {
        source
            .send(Message::from_frames([format!("{number}"), "x".into()]))
            .await
            .expect("room");
        if number % 2 == 0 {
            sink.recv().await.expect("a message");
        }
    }
    for _ in 0..1500 {
        sink.recv().await.expect("a message");
    }
    assert_eq!(shown.recv().await.expect("a message").head(), b"0");
    // Only a REP hears of commands that ask for nothing.
    for command in ["PAUSE", "RESUME", "STATISTICS"] {
        steer.send(command).await.expect("room");
    }
    let statistics = steer.recv().await.expect("an answer");
    let numbers: Vec<u64> = statistics
        .frames()
        .map(|frame| u64::from_ne_bytes(frame.try_into().expect("eight bytes")))
        .collect();
    assert_eq!(
        (numbers[0], numbers[6]),
        (6000, 6000),
        "frames in at the front, out at the back"
    );
    steer.send("TERMINATE").await.expect("room");
    assert_eq!(running.await.expect("the proxy ends"), ProxyEnd::Terminated);
}
