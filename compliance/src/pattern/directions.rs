//! What the pattern does not do.

use ferromq_core::{TryRecvError, TrySendError};

use super::{Marks, Profile, Socket, is_excepted, number};

/// A socket that never sends, or never receives, says so (`ENOTSUP`).
pub fn what_is_not_supported_is_refused<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let peer = socket.join(Marks::default());
    if is_excepted::<P>("outbound") {
        let refused = TrySendError::Unsupported;
        assert_eq!(socket.say(&peer, &number(0)), Err(refused));
        assert_eq!(socket.reserve(&peer).map(drop), Err(refused));
        assert!(!socket.is_writable());
    }
    if is_excepted::<P>("inbound") {
        assert_eq!(socket.recv(), Err(TryRecvError::Unsupported));
        assert!(!socket.is_readable());
    }
}
