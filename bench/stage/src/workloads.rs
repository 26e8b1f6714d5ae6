//! The loops that are measured. The server binds and the client connects; each has one
//! thread of execution, and one that has many sockets goes around them in turn.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::control::{RECEIVED, SENT, going, pause, stopped, tell};
use crate::latency::Latencies;
use crate::{Args, Contestant, Failure, Kind, Payload, Socket};

/// Topics of each subscriber in `pub-topics`.
const TOPICS: usize = 10;

/// For inproc, whose ends are in one process: the server is bound.
static BOUND: AtomicBool = AtomicBool::new(false);

/// What the two ends do.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Workload {
    /// The client's sockets send, the server counts.
    Pipeline,
    /// The client sends a message and waits until the server has sent it back.
    RoundTrip(Kind, Kind),
    /// The same with many clients, each with several messages on their way.
    Echo,
    /// The server publishes, the client's sockets count.
    Publish { topics: bool },
    /// The client connects many times, and then nothing happens.
    Idle,
}

impl Workload {
    pub(crate) fn of(args: &Args) -> Result<Self, Failure> {
        Ok(match args.workload.as_str() {
            "push-pull" | "fan-in" => Self::Pipeline,
            "req-rep" => Self::RoundTrip(Kind::Req, Kind::Rep),
            "dealer-router" => Self::RoundTrip(Kind::Dealer, Kind::Router),
            "router-echo" => Self::Echo,
            "pub-sub" => Self::Publish { topics: false },
            "pub-topics" => Self::Publish { topics: true },
            "idle" => Self::Idle,
            other => return Err(format!("{other} is no workload").into()),
        })
    }

    pub(crate) async fn serve<C: Contestant>(self, args: &Args) -> Result<(), Failure> {
        let kind = match self {
            Self::Pipeline | Self::Idle => Kind::Pull,
            Self::RoundTrip(_, server) => server,
            Self::Echo => Kind::Router,
            Self::Publish { .. } => Kind::Pub,
        };
        let mut socket = C::open(kind, args).await?;
        socket.bind(&args.endpoint).await?;
        BOUND.store(true, Ordering::Release);
        tell("bound", "");
        match self {
            Self::Pipeline => count(&mut socket).await,
            Self::RoundTrip(..) | Self::Echo => echo(&mut socket).await,
            Self::Publish { topics } => publish(&mut socket, topics, args).await,
            Self::Idle => gather(&mut socket, args.peers as u64).await,
        }
    }

    pub(crate) async fn consume<C: Contestant>(self, args: &Args) -> Result<(), Failure> {
        while args.role == "both" && !BOUND.load(Ordering::Acquire) {
            pause(Duration::from_millis(1)).await;
        }
        match self {
            Self::Pipeline => {
                let mut sockets = connect::<C>(Kind::Push, args).await?;
                send(&mut sockets, args).await
            }
            Self::RoundTrip(client, _) => {
                let mut sockets = connect::<C>(client, args).await?;
                round_trips(&mut sockets[0], args).await
            }
            Self::Echo => {
                let mut sockets = connect::<C>(Kind::Dealer, args).await?;
                keep_asking(&mut sockets, args).await
            }
            Self::Publish { topics } => {
                let mut sockets = connect::<C>(Kind::Sub, args).await?;
                subscribe(&mut sockets, topics).await
            }
            Self::Idle => {
                let mut socket = C::open(Kind::Push, args).await?;
                connect_many(&mut socket, args).await
            }
        }
    }
}

/// The client's sockets, connected.
async fn connect<C: Contestant>(kind: Kind, args: &Args) -> Result<Vec<C::Socket>, Failure> {
    let mut sockets = Vec::new();
    for _ in 0..args.peers {
        let mut socket = C::open(kind, args).await?;
        socket.connect(&args.endpoint).await?;
        sockets.push(socket);
    }
    Ok(sockets)
}

async fn count(socket: &mut impl Socket) -> Result<(), Failure> {
    loop {
        RECEIVED.add(socket.recv_some().await?);
    }
}

async fn send(sockets: &mut [impl Socket], args: &Args) -> Result<(), Failure> {
    let payload = Payload::new(b"", args.size);
    tell("ready", "");
    'sending: loop {
        for socket in &mut *sockets {
            if stopped() {
                break 'sending;
            }
            SENT.add(socket.send_some(&payload).await?);
        }
    }
    for socket in sockets {
        socket.flush().await?;
    }
    tell("done", "");
    forever().await
}

async fn echo(socket: &mut impl Socket) -> Result<(), Failure> {
    loop {
        let message = socket.recv().await?;
        socket.send(message).await?;
    }
}

async fn round_trips<S: Socket>(socket: &mut S, args: &Args) -> Result<(), Failure> {
    let payload = Payload::new(b"", args.size);
    let mut latencies = Latencies::new();
    let mut measuring = false;
    socket.send(S::message(&payload)).await?;
    socket.recv().await?;
    tell("ready", "");
    while !stopped() {
        let begin = Instant::now();
        socket.send(S::message(&payload)).await?;
        socket.recv().await?;
        latencies.record(begin.elapsed());
        RECEIVED.add(1);
        if !measuring && going() {
            measuring = true;
            latencies.clear();
        }
    }
    tell("done", &latencies.to_json());
    forever().await
}

/// Some thousand messages are on their way in all, and no more than 100 of a socket.
async fn keep_asking<S: Socket>(sockets: &mut [S], args: &Args) -> Result<(), Failure> {
    let payload = Payload::new(b"", args.size);
    for _ in 0..(1000 / sockets.len()).clamp(1, 100) {
        for socket in &mut *sockets {
            socket.send(S::message(&payload)).await?;
        }
    }
    tell("ready", "");
    loop {
        for socket in &mut *sockets {
            drop(socket.recv().await?);
            socket.send(S::message(&payload)).await?;
            RECEIVED.add(1);
        }
    }
}

/// Until `go`, something for each subscriber at a gentle pace, for it to show that its
/// subscription has arrived; then what is measured.
async fn publish<S: Socket>(socket: &mut S, topics: bool, args: &Args) -> Result<(), Failure> {
    let probes = if topics { args.peers } else { 1 };
    let payloads: Vec<_> = (0..probes)
        .map(|peer| Payload::new(topic(peer, 0).as_bytes(), args.size))
        .collect();
    while !going() {
        for some in payloads.chunks(100) {
            for payload in some {
                socket.send(S::message(payload)).await?;
            }
            pause(Duration::from_millis(2)).await;
        }
    }
    while !stopped() {
        SENT.add(socket.send_some(&payloads[0]).await?);
    }
    tell("done", "");
    forever().await
}

async fn subscribe(sockets: &mut [impl Socket], topics: bool) -> Result<(), Failure> {
    for (peer, socket) in sockets.iter_mut().enumerate() {
        match topics {
            true => {
                for number in 0..TOPICS {
                    socket.subscribe(topic(peer, number).as_bytes()).await?;
                }
            }
            false => socket.subscribe(b"").await?,
        }
    }
    for socket in &mut *sockets {
        socket.recv().await?;
    }
    tell("ready", "");
    // What is published now matches the first socket's subscriptions alone.
    let listening = if topics { 1 } else { sockets.len() };
    loop {
        for socket in &mut sockets[..listening] {
            RECEIVED.add(socket.recv_some().await?);
        }
    }
}

/// So wide that no topic is a prefix of another.
fn topic(peer: usize, number: usize) -> String {
    format!("topic.{peer:05}.{number:02}")
}

/// Takes a message from each of `peers` connections and says when all were there.
async fn gather(socket: &mut impl Socket, peers: u64) -> Result<(), Failure> {
    tell("ready", "");
    while RECEIVED.get() < peers {
        socket.recv().await?;
        RECEIVED.add(1);
    }
    tell("all", "");
    loop {
        socket.recv().await?;
    }
}

async fn connect_many<S: Socket>(socket: &mut S, args: &Args) -> Result<(), Failure> {
    let payload = Payload::new(b"", args.size);
    tell("ready", "");
    while !going() {
        pause(Duration::from_millis(1)).await;
    }
    for _ in 0..args.peers {
        socket.connect(&args.endpoint).await?;
    }
    for _ in 0..args.peers {
        socket.send(S::message(&payload)).await?;
    }
    forever().await
}

/// Waits for the harness to end the process, while drivers go on.
async fn forever() -> Result<(), Failure> {
    loop {
        pause(Duration::from_secs(1)).await;
    }
}
