//! Heartbeats, and peers that fall silent.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ferromq::SocketType::{Dealer, Pull, Push};

use super::{both_ways, chapter, meet};
use crate::event::Happening;
use crate::failure::{Outcome, ensure};
use crate::frames::frame;
use crate::lab::{Lab, Transport};
use crate::option::{Opt, Setting};
use crate::peer::{Peer, PeerExt};
use crate::remote::Process;

chapter!("Heartbeats":
    an_idle_connection_lasts_with_heartbeats_of_one_side,
    an_idle_connection_lasts_with_heartbeats_of_both_sides,
    a_bound_peer_that_falls_silent_is_dropped_and_found_again,
    a_connecting_peer_that_falls_silent_is_dropped_and_comes_back,
    a_peer_that_was_told_how_long_to_wait_drops_who_falls_silent,
);

/// A machine that is busy may well leave a process alone for a while.
fn beats() -> [Setting; 3] {
    [
        Opt::HeartbeatIvl.int(50),
        Opt::HeartbeatTimeout.int(1000),
        Opt::ReconnectIvl.int(10),
    ]
}

fn an_idle_connection_lasts_with_heartbeats_of_one_side(lab: &Lab) -> Outcome {
    both_ways(|ours| outlasts(lab, ours, &beats(), &[]))
}

fn an_idle_connection_lasts_with_heartbeats_of_both_sides(lab: &Lab) -> Outcome {
    let told = [&beats()[..], &[Opt::HeartbeatTtl.int(1000)]].concat();
    both_ways(|ours| outlasts(lab, ours, &told, &told))
}

/// Both are idle for longer than either would wait for a sign of life.
fn outlasts(lab: &Lab, ours: bool, one: &[Setting], other: &[Setting]) -> Outcome {
    let one = lab.either(ours, Dealer, one)?;
    let other = lab.either(!ours, Dealer, other)?;
    one.watch()?;
    other.watch()?;
    meet(&*one, &*other)?;
    one.put(&frame("before"))?;
    other.expect(&frame("before"))?;
    // That nothing happens takes time: this is longer than the timeouts.
    thread::sleep(Duration::from_millis(1500));
    for peer in [&one, &other] {
        let events = peer.events()?;
        ensure!(
            !events.contains(&Happening::DISCONNECTED),
            "a {} has seen {events:?}",
            peer.kind()
        );
    }
    other.put(&frame("after"))?;
    one.expect(&frame("after"))
}

fn a_bound_peer_that_falls_silent_is_dropped_and_found_again(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let process = lab.process(ours)?;
        let pull = process.socket(Pull)?;
        let endpoint = pull.bind(&Transport::Tcp.unused()?)?;
        let push = lab.either(!ours, Push, &short())?;
        push.watch()?;
        push.connect(&endpoint)?;
        push.put(&frame("before"))?;
        pull.expect(&frame("before"))?;
        fall_silent(&process, &*push)?;
        push.put(&frame("after"))?;
        pull.expect(&frame("after"))
    })
}

fn a_connecting_peer_that_falls_silent_is_dropped_and_comes_back(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let process = lab.process(ours)?;
        let push = process.socket(Push)?;
        let pull = lab.either(!ours, Pull, &short())?;
        pull.watch()?;
        push.set(&Opt::ReconnectIvl.int(10))?;
        meet(&*pull, &*push)?;
        push.put(&frame("before"))?;
        pull.expect(&frame("before"))?;
        fall_silent(&process, &*pull)?;
        pull.wait_for(Happening::HANDSHAKE_SUCCEEDED)?;
        push.put(&frame("after"))?;
        pull.expect(&frame("after"))
    })
}

fn a_peer_that_was_told_how_long_to_wait_drops_who_falls_silent(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let process = lab.process(ours)?;
        let dealer = process.socket(Dealer)?;
        // Its peer has no heartbeats: all it knows is what these tell.
        dealer.set(&Opt::HeartbeatIvl.int(100))?;
        dealer.set(&Opt::HeartbeatTtl.int(500))?;
        dealer.set(&Opt::ReconnectIvl.int(10))?;
        let other = lab.either(!ours, Dealer, &[])?;
        other.watch()?;
        meet(&*other, &*dealer)?;
        dealer.put(&frame("before"))?;
        other.expect(&frame("before"))?;
        // It takes a heartbeat to know.
        thread::sleep(Duration::from_millis(300));
        fall_silent(&process, &*other)?;
        other.wait_for(Happening::HANDSHAKE_SUCCEEDED)?;
        dealer.put(&frame("after"))?;
        other.expect(&frame("after"))
    })
}

fn short() -> [Setting; 3] {
    [
        Opt::HeartbeatIvl.int(100),
        Opt::HeartbeatTimeout.int(400),
        Opt::ReconnectIvl.int(10),
    ]
}

/// Stops the process until the socket has dropped it.
fn fall_silent(process: &Arc<Process>, socket: &dyn Peer) -> Outcome {
    process.signal("STOP")?;
    let dropped = socket.wait_for(Happening::DISCONNECTED);
    process.signal("CONT")?;
    dropped
}
