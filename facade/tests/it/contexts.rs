//! What a context is set to.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ferromq::{
    Context, DefaultContext, Defaults, LinkError, OptionError, Options, PairSocket, PullSocket,
    PushSocket, Socket, TcpOptions,
};

use crate::support::{impatient, simulated};

#[test]
fn io_threads_are_named_and_prepared_when_they_are_needed() {
    let started = Arc::new(Mutex::new(BTreeSet::new()));
    let context = DefaultContext::builder()
        .io_threads(2)
        .thread_name("feed")
        .on_thread_start({
            let started = Arc::clone(&started);
            move || {
                let name = std::thread::current().name().map(str::to_owned);
                started.lock().expect("the names").insert(name);
            }
        })
        .build();
    let names = || started.lock().expect("the names").clone();
    let pull = PullSocket::in_context(&context, impatient());
    let push = PushSocket::in_context(&context, impatient());
    push.connect("inproc://nobody").expect("an endpoint");
    assert!(names().is_empty(), "names of one process need no threads");
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(async {
        let endpoint = pull.bind("tcp://127.0.0.1:*").await.expect("a port");
        push.connect(endpoint.as_str()).expect("an endpoint");
        push.disconnect("inproc://nobody").expect("an endpoint");
        push.send("hello").await.expect("room");
        pull.recv().await.expect("a message");
    });
    let expected = ["feed/io/0", "feed/io/1"].map(|name| Some(name.to_owned()));
    assert_eq!(names(), BTreeSet::from(expected));
}

#[test]
fn without_a_word_there_is_one_thread_of_the_librarys_name() {
    let names = Arc::new(Mutex::new(Vec::new()));
    let context = DefaultContext::builder()
        .on_thread_start({
            let names = Arc::clone(&names);
            move || {
                let name = std::thread::current().name().map(str::to_owned);
                names.lock().expect("the names").push(name);
            }
        })
        .build();
    for _ in 0..3 {
        let push = PushSocket::in_context(&context, impatient());
        push.connect("tcp://127.0.0.1:1").expect("an endpoint");
    }
    // They are all driven by it, so it has begun.
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(context.term());
    assert_eq!(
        *names.lock().expect("the names"),
        [Some("ferromq/io/0".to_owned())]
    );
}

#[tokio::test(start_paused = true)]
async fn a_socket_too_many_says_so_until_there_is_room() {
    let context = DefaultContext::builder().max_sockets(2).build();
    let first = PairSocket::in_context(&context, impatient());
    first.bind("inproc://first").await.expect("a free name");
    let second = PairSocket::in_context(&context, impatient());
    second.connect("inproc://first").expect("an endpoint");
    let third = PairSocket::in_context(&context, impatient());
    let refused = third.bind("inproc://third").await;
    assert!(matches!(refused, Err(LinkError::TooManySockets(2))));
    let refused = third.connect("inproc://first").expect_err("too many");
    assert_eq!(
        refused.to_string(),
        "the context already has 2 sockets, and may have no more"
    );
    assert_eq!(context.sockets(), 3);
    third.close().await;
    drop(third);
    second.close().await;
    drop(second);
    assert_eq!(context.sockets(), 1);
    let fourth = PairSocket::in_context(&context, impatient());
    fourth.connect("inproc://first").expect("an endpoint");
}

#[tokio::test(start_paused = true)]
async fn a_closed_socket_counts_while_it_lingers() {
    let (_network, context) = simulated();
    let push = PushSocket::in_context(&context, Options::new().linger(Duration::from_secs(5)));
    push.connect("sim://nobody").expect("an endpoint");
    push.send("queued").await.expect("room");
    drop(push);
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(context.sockets(), 1);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(context.sockets(), 0);
}

/// Names a context of this test's.
struct Impatient;

impl Defaults for Impatient {
    fn context() -> Context {
        let tcp = TcpOptions::new().ipv6(true);
        DefaultContext::builder()
            .options(impatient().transport(tcp))
            .build()
    }
}

#[tokio::test]
async fn sockets_start_from_the_options_of_their_context() {
    type Push = Socket<ferromq_pattern_pipeline::Push, Impatient>;
    let push = Push::new();
    push.connect("inproc://nobody").expect("an endpoint");
    push.send("dropped").await.expect("room");
    // It does not linger, so this ends.
    push.close().await;
    let push = Push::new();
    let endpoint = push.bind("tcp://*:*").await.expect("a port");
    let ipv6 = endpoint.as_str().starts_with("tcp://[::]:");
    assert!(
        ipv6 || endpoint.as_str().starts_with("tcp://0.0.0.0:"),
        "{endpoint}"
    );
    let pull = PullSocket::new();
    let endpoint = pull.bind("tcp://*:*").await.expect("a port");
    assert!(
        endpoint.as_str().starts_with("tcp://0.0.0.0:"),
        "{endpoint}"
    );
}

#[test]
fn a_socket_that_may_use_no_thread_says_so() {
    let context = DefaultContext::builder().io_threads(2).build();
    let connect = |affinity| {
        let socket = PullSocket::in_context(&context, impatient().affinity(affinity));
        socket.connect("tcp://127.0.0.1:1")
    };
    for affinity in [0, 0b01, 0b10, 0b110] {
        connect(affinity).expect("a thread");
    }
    for affinity in [0b100, 1 << 63] {
        assert!(matches!(connect(affinity), Err(LinkError::NoThread)));
    }
}

#[tokio::test]
async fn a_socket_of_a_runtime_has_no_thread_to_choose() {
    let context = DefaultContext::builder().build();
    let pull = PullSocket::in_context(&context, impatient().affinity(1));
    let refused = pull.bind("tcp://127.0.0.1:*").await;
    let unsupported = OptionError::Unsupported("ZMQ_AFFINITY");
    assert!(matches!(refused, Err(LinkError::Option(option)) if option == unsupported));
}
