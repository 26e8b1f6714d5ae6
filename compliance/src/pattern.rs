//! The rules that hold for every pattern.
//!
//! A pattern's own tests describe it in a [`Profile`] and call
//! [`pattern_suite!`](crate::pattern_suite), which makes a test of each check:
//!
//! - [`outbound`]: what the socket sends, in order, in turn, up to the mark;
//! - [`slots`]: the right to send later;
//! - [`inbound`]: what the socket receives, in order, in turn, up to the mark;
//! - [`peers`]: peers that come and go, and what becomes of their messages;
//! - [`drops`]: what was dropped, and why;
//! - [`subscribers`]: how many would be sent a message;
//! - [`directions`]: what the pattern does not do.
//!
//! Property tests find a [`model`] there, and the parts for models of their own.
//!
//! No check needs a runtime: a [`Socket`] is the pattern's halves and nothing
//! else, and the test holds the far ends of the pipes ([`FarEnd`]) and does what
//! a connection's driver would do.
//!
//! Patterns differ, and a check that does not apply is not left out silently: the
//! profile names it among its [`EXCEPTIONS`](Profile::EXCEPTIONS), with the reason.

pub mod directions;
pub mod drops;
mod far_end;
pub mod inbound;
pub mod model;
pub mod outbound;
pub mod peers;
pub mod slots;
mod socket;
pub mod subscribers;

use bytes::Bytes;
use ferromq_core::{Message, Pattern, PeerInfo, TrySendError};

pub use far_end::{FarEnd, Marks, Watch};
pub use socket::Socket;

/// A pattern, and what the suite has to know of it.
///
/// A body is what one end's application says to the other's. The profile knows how
/// it is wrapped: what goes to the socket and to the pipe, and what comes out.
pub trait Profile: Sized + 'static {
    /// The pattern.
    type Pattern: Pattern;

    /// What becomes of a message for a peer at its high-water mark.
    const WHEN_FULL: WhenRefused = WhenRefused::Fails(TrySendError::Full);

    /// What becomes of a message when there is no peer.
    const WHEN_ALONE: WhenRefused = WhenRefused::Fails(TrySendError::Full);

    /// Whether a message goes to the peer that it names, or that it answers;
    /// otherwise it goes to one peer after the other.
    const ADDRESSED: bool = false;

    /// Whether messages go to those who have subscribed, and the socket knows how many
    /// they are ([`HasSubscribers`](ferromq_core::HasSubscribers)).
    const HAS_SUBSCRIBERS: bool = false;

    /// Whether a socket that says it is writable then takes a message, whoever it
    /// is for.
    const WRITABLE_IS_EXACT: bool = true;

    /// Checks that do not apply, each as `module::name` or a whole `module`, and
    /// why. A pattern that never sends names `outbound` and `slots`, one that never
    /// receives names `inbound`; that the socket refuses it is then checked instead.
    const EXCEPTIONS: &'static [(&'static str, &'static str)] = &[];

    /// Prepares a new socket.
    fn set_up(_socket: &mut Socket<Self>) {}

    /// What the handshake tells of the `nth` peer.
    fn info(_nth: u32) -> PeerInfo {
        PeerInfo::default()
    }

    /// Prepares a peer that has just joined, at both ends.
    fn welcome(_socket: &mut Socket<Self>, _peer: &mut FarEnd) {}

    /// Bodies that the pattern carries.
    fn bodies() -> Vec<Message> {
        let large = || Bytes::from(vec![b'L'; 10_000]);
        vec![
            Message::from("one"),
            Message::from_frames(["two", "", "frames"]),
            Message::from(large()),
            Message::from_frames([Bytes::from_static(b"small"), large(), Bytes::new()]),
            Message::new(),
            Message::from("last"),
        ]
    }

    /// What the application gives to the socket to say `body` to `peer`.
    fn to_socket(_peer: &FarEnd, body: &Message) -> Message {
        body.clone()
    }

    /// By what a slot is reserved for something to say to `peer`: the first frame.
    fn head(peer: &FarEnd) -> Bytes {
        Bytes::copy_from_slice(Self::to_socket(peer, &Message::new()).head())
    }

    /// What then reaches the peer.
    fn at_peer(body: &Message) -> Message {
        body.clone()
    }

    /// What the peer sends to say `body`.
    fn to_pipe(body: &Message) -> Message {
        body.clone()
    }

    /// What the application then receives from the socket.
    fn at_socket(_peer: &FarEnd, body: &Message) -> Message {
        body.clone()
    }

    /// Lets it be the application's turn to say something to `peer`.
    fn before_send(_socket: &mut Socket<Self>, _peer: &mut FarEnd) {}

    /// Ends the turn in which the application has said something to `peer`,
    /// without taking what it said.
    fn after_send(_socket: &mut Socket<Self>, _peer: &mut FarEnd) {}

    /// Lets it be the turn of `peer` to say something.
    fn before_receive(_socket: &mut Socket<Self>, _peer: &mut FarEnd) {}

    /// Ends the turn in which the application has received something from `peer`.
    fn after_receive(_socket: &mut Socket<Self>, _peer: &mut FarEnd) {}
}

/// What becomes of a message that cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenRefused {
    /// The socket says so.
    Fails(TrySendError),
    /// The socket drops it.
    Drops,
}

impl WhenRefused {
    /// What the socket says.
    fn outcome(self) -> Result<(), TrySendError> {
        match self {
            Self::Fails(error) => Err(error),
            Self::Drops => Ok(()),
        }
    }
}

/// Runs a check, unless the profile says that it does not apply.
pub fn run<P: Profile>(name: &str, check: fn()) {
    let module = name.split("::").next().unwrap_or_default();
    let mut exceptions = P::EXCEPTIONS.iter();
    match exceptions.find(|(what, _)| [name, module].contains(what)) {
        Some((_, why)) => eprintln!("{name} does not apply: {why}"),
        None => check(),
    }
}

/// Checks that a profile excepts only what there is.
///
/// # Panics
///
/// If it does not.
pub fn exceptions_are_known<P: Profile>(names: &[&str]) {
    for (what, _) in P::EXCEPTIONS {
        let known = names.iter().any(|name| {
            let module = name.split("::").next();
            name == what || module == Some(what)
        });
        assert!(known, "{what} is no check");
    }
}

/// Whether the profile excepts all checks of a module.
fn is_excepted<P: Profile>(module: &str) -> bool {
    P::EXCEPTIONS.iter().any(|(what, _)| *what == module)
}

/// What a peer that is called `name` tells of itself.
#[must_use]
pub fn named(name: &str) -> PeerInfo {
    PeerInfo {
        identity: Bytes::copy_from_slice(name.as_bytes()),
        ..PeerInfo::default()
    }
}

/// Bodies of one frame, for patterns that carry no others.
#[must_use]
pub fn single_frames() -> Vec<Message> {
    vec![
        Message::from("one"),
        Message::from(vec![b'L'; 10_000]),
        Message::new(),
        Message::from("last"),
    ]
}

/// A body for counting: the number `n`.
fn number(n: usize) -> Message {
    Message::from(n.to_string())
}

/// Makes a test of each rule for patterns, as [`pattern`](crate::pattern) tells.
/// Each profile needs a module of its own:
///
/// ```ignore
/// mod push {
///     ferromq_compliance::pattern_suite!(super::PushProfile);
/// }
/// ```
#[macro_export]
macro_rules! pattern_suite {
    ($profile:ty) => {
        $crate::pattern_suite! {
            $profile;
            outbound {
                messages_leave_whole_and_in_order,
                each_peer_has_its_turn,
                a_full_peer_is_passed_over,
                a_peer_that_still_connects_has_its_turn,
                marks_are_exact,
                a_mark_of_one_and_none_at_all,
                without_peers_nothing_is_sent,
                a_full_socket_is_told_of_room,
            }
            slots {
                one_is_kept_and_used,
                one_can_be_given_back,
                they_count_against_the_mark,
                one_outlives_its_peer,
            }
            inbound {
                messages_arrive_whole_and_in_order,
                messages_queue_in_order,
                each_peer_is_heard_in_turn,
                marks_are_exact,
                messages_tell_whose_they_are,
                an_empty_socket_is_told_of_a_message,
            }
            peers {
                what_one_sent_before_it_left_is_received,
                what_was_sent_to_one_still_leaves,
                what_a_disconnected_one_sent_is_discarded,
                one_that_left_is_forgotten,
                all_are_let_go_with_the_socket,
                one_that_comes_back_keeps_its_pipes,
                strangers_are_no_trouble,
            }
            drops {
                what_is_not_dropped_is_not_counted,
                what_a_full_peer_misses_is_counted,
                what_is_for_nobody_is_counted,
                what_was_counted_outlives_its_peer,
            }
            subscribers {
                those_are_counted_who_would_be_sent_a_message,
            }
            directions {
                what_is_not_supported_is_refused,
            }
        }
    };
    ($profile:ty; $($module:ident { $($check:ident,)+ })+) => {
        type TheProfile = $profile;

        #[test]
        fn exceptions_are_known() {
            $crate::pattern::exceptions_are_known::<TheProfile>(&[
                $($(concat!(stringify!($module), "::", stringify!($check)),)+)+
            ]);
        }

        $(
            mod $module {
                $(
                    #[test]
                    fn $check() {
                        $crate::pattern::run::<super::TheProfile>(
                            concat!(stringify!($module), "::", stringify!($check)),
                            $crate::pattern::$module::$check::<super::TheProfile>,
                        );
                    }
                )+
            }
        )+
    };
}
