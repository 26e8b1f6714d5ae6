//! What can be sent as a message.

use alloc::string::String;
use alloc::vec::Vec;

use bytes::Bytes;

use super::Message;

/// What can be sent as it is: a [`Message`], or what becomes one of a single frame.
///
/// Everything that it is implemented for is `Into<Message>` too; here a sender may
/// also look before it converts, and copy borrowed bytes once, to where they wait.
///
/// ```
/// use zmtp_codec::IntoMessage;
///
/// assert_eq!("hello".as_frame(), Some(&b"hello"[..]));
/// assert_eq!("hello".into_message().body(), b"hello");
/// ```
pub trait IntoMessage: Sized {
    /// The bytes of the message's only frame, if they would have to be copied to
    /// become a message.
    #[inline]
    fn as_frame(&self) -> Option<&[u8]> {
        None
    }

    /// The message.
    fn into_message(self) -> Message;
}

impl IntoMessage for Message {
    #[inline]
    fn into_message(self) -> Message {
        self
    }
}

/// Borrowed bytes are copied, owned ones are kept.
macro_rules! single_frame {
    (borrowed: $($borrowed:ty),+; owned: $($owned:ty),+) => {
        $(impl IntoMessage for $borrowed {
            #[inline]
            fn as_frame(&self) -> Option<&[u8]> {
                Some(self.as_ref())
            }

            #[inline]
            fn into_message(self) -> Message {
                self.into()
            }
        })+
        $(impl IntoMessage for $owned {
            #[inline]
            fn into_message(self) -> Message {
                self.into()
            }
        })+
    };
}

single_frame!(borrowed: &[u8], &str; owned: Bytes, String, Vec<u8>);

impl<const N: usize> IntoMessage for &[u8; N] {
    #[inline]
    fn as_frame(&self) -> Option<&[u8]> {
        Some(&self[..])
    }

    #[inline]
    fn into_message(self) -> Message {
        self.into()
    }
}
