//! What is particular to CHANNEL.

use ferromq_compliance::pattern::{Marks, Socket};
use ferromq_core::{Message, TryRecvError, TrySendError};

use crate::compliance::ChannelProfile;

#[test]
fn messages_have_one_frame_both_ways() {
    let parts = Message::from_frames(["two", "frames"]);
    let mut channel = Socket::<ChannelProfile>::new();
    let mut peer = channel.join(Marks::default());
    assert_eq!(channel.send(&parts), Err(TrySendError::Malformed));
    assert_eq!(channel.send(&Message::from("out")), Ok(()));
    assert_eq!(peer.pop_all(), [Message::from("out")]);

    assert_eq!(peer.push(&parts), Ok(()));
    assert_eq!(channel.recv(), Err(TryRecvError::Empty));
    for message in [parts, "in".into()] {
        assert_eq!(peer.push(&message), Ok(()));
    }
    assert_eq!(channel.recv(), Ok(Message::from("in")));
}
