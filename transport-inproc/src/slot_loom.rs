//! Models of a name: connecting before the bind, at the same time, and after the
//! end of it.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use ferromq_core::{Conflate, Introduction, LinkOptions, Mark, PipeConfig, pipe};
use loom::future::block_on;
use loom::thread;

use super::{Offer, Refused, Slot};

fn offer() -> Box<Offer> {
    let config = PipeConfig {
        send_mark: Some(Mark::messages(1)),
        receive_mark: None,
        share_from: 64,
        conflate: Conflate::No,
    };
    let (writer, reader) = (pipe(config).0, pipe(config).1);
    let (options, binder) = (LinkOptions::default(), Introduction::new());
    Box::new(Offer {
        writer,
        reader,
        options,
        binder,
    })
}

/// Waits for an offer.
fn accept(slot: &Slot) -> Box<Offer> {
    block_on(poll_fn(|cx| match slot.accept(cx.waker()) {
        Some(offer) => Poll::Ready(offer),
        None => Poll::Pending,
    }))
}

#[test]
fn whoever_comes_first_guest_and_binder_meet() {
    loom::model(|| {
        let slot = Arc::new(Slot::default());
        let guest = {
            let slot = Arc::clone(&slot);
            thread::spawn(move || assert!(slot.offer(offer()).is_ok(), "nobody has unbound"))
        };
        assert_eq!(slot.bind(), Ok(()));
        drop(accept(&slot));
        guest.join().expect("connecting ends");
    });
}

#[test]
fn an_unbound_name_keeps_the_guest_or_is_dead_for_it() {
    loom::model(|| {
        let slot = Arc::new(Slot::default());
        assert_eq!(slot.bind(), Ok(()));
        let guest = {
            let slot = Arc::clone(&slot);
            thread::spawn(move || slot.offer(offer()).is_ok())
        };
        let dead = slot.unbind();
        let kept = guest.join().expect("connecting ends");
        assert_eq!(
            dead, !kept,
            "an offer is never in a dead slot, and never lost"
        );
        match kept {
            true => {
                assert_eq!(slot.bind(), Ok(()));
                drop(accept(&slot));
            }
            false => assert_eq!(slot.bind(), Err(Refused::Dead)),
        }
    });
}

#[test]
fn two_binders_do_not_share_a_name() {
    loom::model(|| {
        let slot = Arc::new(Slot::default());
        let other = {
            let slot = Arc::clone(&slot);
            thread::spawn(move || slot.bind().is_ok())
        };
        let bound = slot.bind().is_ok();
        let other = other.join().expect("binding ends");
        assert!(bound != other, "one of them binds");
    });
}
