//! One contestant in one case, once.

use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::args::Pace;
use crate::case::Case;
use crate::failure::Failure;
use crate::field::Entry;
use crate::peer::{Peer, Sample};
use crate::record::Values;

/// For a process to start, to connect, and to hear from each subscriber.
const PATIENCE: Duration = Duration::from_secs(20);

/// For 10,000 connections.
const MUCH_PATIENCE: Duration = Duration::from_secs(60);

/// How long an idle process is watched.
const WATCHED: Duration = Duration::from_secs(2);

pub(crate) fn measure(
    case: &Case,
    entry: &Entry,
    binary: PathBuf,
    pace: Pace,
) -> Result<Values, Failure> {
    let endpoint = case.endpoint()?;
    let start = |role| Peer::start(&binary, case, entry, role, &endpoint);
    let measured = if case.is_inproc() {
        start("both").and_then(|both| flow(case, &mut [both], pace))
    } else {
        let mut server = start("server")?;
        server.hear("bound", PATIENCE)?;
        let client = start("client")?;
        match case.workload {
            "idle" => idle(case, server, client),
            _ => flow(case, &mut [server, client], pace),
        }
    };
    if let Some(path) = endpoint.strip_prefix("ipc://") {
        let _ = std::fs::remove_file(path);
    }
    measured
}

/// Warms up, takes samples before and after the measured time, and brings the flow to
/// its end. The client is the last of `peers`.
fn flow(case: &Case, peers: &mut [Peer], pace: Pace) -> Result<Values, Failure> {
    let client = peers.len() - 1;
    peers[client].hear("ready", PATIENCE)?;
    sleep(pace.warm_up);
    for peer in &mut *peers {
        peer.say("go")?;
    }
    if case.workload.starts_with("pub-") {
        sleep(pace.warm_up);
    }
    let before = sample(peers)?;
    sleep(pace.measured);
    let after = sample(peers)?;

    let seconds = after[0].seconds - before[0].seconds;
    let received = sum(&after, |end| end.received) - sum(&before, |end| end.received);
    let sent = sum(&after, |end| end.sent) - sum(&before, |end| end.sent);
    let cpu = sum(&after, |end| end.cpu_ns) - sum(&before, |end| end.cpu_ns);
    if received == 0.0 {
        return Err(Failure::Unable("nothing arrived".into()));
    }
    let mut values = Values::from([
        ("rate".into(), received / seconds),
        ("cpu".into(), cpu / received),
    ]);
    for peer in &mut *peers {
        peer.say("stop")?;
    }
    match case.workload {
        "push-pull" | "fan-in" => drop(values.insert("lost".into(), lost(peers)?)),
        "pub-sub" => {
            let wanted = sent * case.peers as f64;
            values.insert("lost".into(), (1.0 - received / wanted).max(0.0));
        }
        "pub-topics" => drop(values.insert("lost".into(), (1.0 - received / sent).max(0.0))),
        _ if case.is_latency() => {
            let done = peers[client].hear("done", PATIENCE)?;
            for quantile in ["p50", "p99", "p999"] {
                let nanos = done[quantile].as_f64().unwrap_or_default();
                values.insert(quantile.into(), nanos / 1e3);
            }
        }
        _ => {}
    }
    Ok(values)
}

fn sample(peers: &mut [Peer]) -> Result<Vec<Sample>, Failure> {
    peers.iter_mut().map(Peer::sample).collect()
}

fn sum(samples: &[Sample], field: fn(&Sample) -> f64) -> f64 {
    samples.iter().map(field).sum()
}

/// The share of all messages sent that had not arrived when nothing more arrived.
fn lost(peers: &mut [Peer]) -> Result<f64, Failure> {
    let client = peers.len() - 1;
    peers[client].hear("done", PATIENCE)?;
    let mut last = 0.0;
    let mut since = Instant::now();
    loop {
        let now = sample(peers)?;
        let (sent, received) = (sum(&now, |end| end.sent), sum(&now, |end| end.received));
        if received >= sent {
            return Ok(0.0);
        }
        if received > last {
            (last, since) = (received, Instant::now());
        } else if since.elapsed() > Duration::from_millis(500) {
            return Ok((sent - received) / sent);
        }
        sleep(Duration::from_millis(5));
    }
}

/// Connects, waits until each connection has carried a message, and watches.
fn idle(case: &Case, mut server: Peer, mut client: Peer) -> Result<Values, Failure> {
    client.hear("ready", PATIENCE)?;
    let before = (server.sample()?, client.sample()?);
    let begin = Instant::now();
    client.say("go")?;
    server.hear("all", MUCH_PATIENCE)?;
    let connected = begin.elapsed();
    sleep(Duration::from_millis(500));
    let settled = (server.sample()?, client.sample()?);
    let open = server.descriptors().min(client.descriptors());
    if open < case.peers {
        return Err(Failure::Unable(format!("{open} descriptors are open")));
    }
    sleep(WATCHED);
    let after = (server.sample()?, client.sample()?);

    let kib = |before: &Sample, after: &Sample| (after.rss - before.rss) / 1024.0;
    let peers = case.peers as f64;
    let cpu = after.0.cpu_ns - settled.0.cpu_ns + after.1.cpu_ns - settled.1.cpu_ns;
    Ok(Values::from([
        ("connect".into(), connected.as_secs_f64() * 1e3),
        ("kib-server".into(), kib(&before.0, &settled.0) / peers),
        ("kib-client".into(), kib(&before.1, &settled.1) / peers),
        ("idle-cpu".into(), cpu / 1e6 / WATCHED.as_secs_f64()),
    ]))
}
