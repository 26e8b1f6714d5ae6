//! Children: what a process has made is its own.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ferromq::SocketType::{Pull, Push, Req, Sub};
use ferromq::blocking::{PullSocket, PushSocket};
use ferromq::{LinkError, Message, OptionError, PatternOption, RecvError, SendFailure, WaitError};

use super::{chapter, meet};
use crate::failure::{Failure, Outcome, ensure};
use crate::fork::in_child;
use crate::frames::frame;
use crate::lab::{Lab, Transport};
use crate::peer::{PeerExt, until};

chapter!("Children":
    a_child_is_told_that_the_sockets_are_its_parents,
    what_a_child_sends_and_lets_go_is_no_trouble_to_its_parent,
    a_child_has_sockets_of_its_own,
);

/// Polls a future once: nobody is there to wake this child.
fn now<T>(future: impl Future<Output = T>) -> Outcome<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => Err(Failure::new("it waits")),
    }
}

fn a_child_is_told_that_the_sockets_are_its_parents(lab: &Lab) -> Outcome {
    let push = lab.ours(Push, &[])?;
    let pull = lab.theirs(Pull, &[])?;
    meet(&push, &*pull)?;
    push.put(&frame("before"))?;
    let [sub, req] = [lab.ours(Sub, &[])?, lab.ours(Req, &[])?];
    let mut monitor = push.socket().monitor();
    in_child(|| {
        let (push, sub, req) = (push.socket(), sub.socket(), req.socket());
        for refused in [push.try_send("in vain"), now(push.send("in vain"))?] {
            let refused = refused.map_err(|error| error.reason());
            ensure!(refused == Err(SendFailure::Forked), "{refused:?}");
        }
        let received = now(sub.recv())?;
        ensure!(received == Err(RecvError::Forked), "{received:?}");
        let requested = req.try_send("in vain").map_err(|error| error.reason());
        ensure!(requested == Err(SendFailure::Forked), "{requested:?}");
        let links = [
            now(push.bind("tcp://127.0.0.1:*"))?.map(drop),
            push.connect("tcp://127.0.0.1:1"),
            push.disconnect("tcp://127.0.0.1:1"),
        ];
        for link in links {
            ensure!(matches!(link, Err(LinkError::Forked)), "{link:?}");
        }
        let topic = sub.set(&PatternOption::Subscribe("topic".into()));
        ensure!(topic == Err(OptionError::Forked), "{topic:?}");
        let ready = now(push.ready())?;
        ensure!(matches!(ready, Err(WaitError::Forked)), "{ready:?}");
        ensure!(now(monitor.recv())?.is_none(), "nothing happens here");
        ensure!(
            push.peers().is_empty() && push.stats().peers.is_empty(),
            "nobody is here"
        );
        now(push.close())
    })?;
    pull.expect(&frame("before"))?;
    push.put(&frame("after"))?;
    pull.expect(&frame("after"))?;
    ensure!(!push.socket().peers().is_empty(), "it is connected");
    Ok(())
}

fn what_a_child_sends_and_lets_go_is_no_trouble_to_its_parent(lab: &Lab) -> Outcome {
    let mut sockets = Some((lab.ours(Push, &[])?, lab.ours(Pull, &[])?));
    let their_pull = lab.theirs(Pull, &[])?;
    let their_push = lab.theirs(Push, &[])?;
    let mut endpoint = String::new();
    if let Some((push, pull)) = &sockets {
        endpoint = meet(push, &*their_pull)?;
        meet(&*their_push, pull)?;
        push.put(&frame("0"))?;
        their_push.put(&frame("0"))?;
        their_pull.expect(&frame("0"))?;
        pull.expect(&frame("0"))?;
    }
    for _ in 0..10 {
        in_child(|| {
            if let Some((push, _)) = &sockets {
                for _ in 0..2000 {
                    push.socket().try_send("a child's").err();
                }
            }
            // The last of their owners, as far as this process knows.
            drop(sockets.take());
            Ok(())
        })?;
    }
    let Some((push, pull)) = &sockets else {
        return Err(Failure::new("a child has its parent's memory"));
    };
    for number in 1..1000 {
        let number = frame(number.to_string());
        push.put(&number)?;
        their_push.put(&number)?;
        their_pull.expect(&number)?;
        pull.expect(&number)?;
    }
    // It still listens, and is told of who comes.
    let late = lab.theirs(Pull, &[])?;
    late.connect(&endpoint)?;
    until("the next one hears", || {
        push.put(&frame("each in turn"))?;
        Ok(late.recv(Duration::from_millis(10))?.is_some())
    })
}

fn a_child_has_sockets_of_its_own(_lab: &Lab) -> Outcome {
    let pass = |endpoint: &str| -> Outcome {
        let (push, pull) = (PushSocket::new(), PullSocket::new());
        let endpoint = pull.bind(endpoint)?;
        push.connect(endpoint.as_str())?;
        push.ready(Duration::from_secs(30))?;
        push.send("hello")?;
        ensure!(pull.recv()? == Message::from("hello"), "another message");
        Ok(())
    };
    // The names of the default context are the process's, and so are its threads.
    for endpoint in [&*Transport::Tcp.any(), "inproc://a-name"] {
        pass(endpoint)?;
        in_child(|| {
            pass(endpoint)?;
            in_child(|| pass(endpoint))?;
            pass(endpoint)
        })?;
        pass(endpoint)?;
    }
    Ok(())
}
