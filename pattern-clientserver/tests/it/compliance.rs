//! CLIENT, SERVER and PEER pass what every pattern has to pass.

use bytes::Bytes;
use ferromq_compliance::pattern::{FarEnd, Profile, WhenRefused, single_frames};
use ferromq_core::{Message, Pattern, TrySendError};
use ferromq_pattern_clientserver::{Client, Peer, Server};

pub(crate) struct ClientProfile;

impl Profile for ClientProfile {
    type Pattern = Client;

    fn bodies() -> Vec<Message> {
        single_frames()
    }
}

/// A SERVER or a PEER.
pub(crate) struct Addressed<P>(std::marker::PhantomData<P>);

const BY_NUMBER: &str = "messages go where their number says";

impl<P: Pattern> Profile for Addressed<P> {
    type Pattern = P;
    const ADDRESSED: bool = true;
    const WHEN_ALONE: WhenRefused = WhenRefused::Fails(TrySendError::Unroutable);
    const WRITABLE_IS_EXACT: bool = false;
    const EXCEPTIONS: &'static [(&'static str, &'static str)] =
        &[("outbound::a_full_peer_is_passed_over", BY_NUMBER)];

    fn bodies() -> Vec<Message> {
        single_frames()
    }

    fn to_socket(peer: &FarEnd, body: &Message) -> Message {
        let mut message = body.clone();
        message.set_origin(peer.id.get());
        message
    }

    fn head(peer: &FarEnd) -> Bytes {
        Bytes::copy_from_slice(&peer.id.get().to_be_bytes())
    }
}

mod client {
    ferromq_compliance::pattern_suite!(super::ClientProfile);
}

mod server {
    ferromq_compliance::pattern_suite!(super::Addressed<super::Server>);
}

mod peer {
    ferromq_compliance::pattern_suite!(super::Addressed<super::Peer>);
}
