//! What can be sent as a message.

use alloc::borrow::Cow;
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
    /// The message, for a sender that leaves this where it is until it is sent.
    fn lend(&self) -> Lent<'_>;

    /// The bytes of the message's only frame, if they would have to be copied to
    /// become a message.
    #[inline]
    fn as_frame(&self) -> Option<&[u8]> {
        None
    }

    /// The message.
    fn into_message(self) -> Message;
}

/// A message as one sees it who sends many and may have to stop before it.
#[derive(Debug)]
pub enum Lent<'a> {
    /// The bytes of the only frame, to be copied to where they wait.
    Frame(&'a [u8]),
    /// The whole message; its large bodies will be shared.
    Message(Cow<'a, Message>),
}

impl IntoMessage for Message {
    #[inline]
    fn lend(&self) -> Lent<'_> {
        Lent::Message(Cow::Borrowed(self))
    }

    #[inline]
    fn into_message(self) -> Message {
        self
    }
}

impl IntoMessage for Bytes {
    #[inline]
    fn lend(&self) -> Lent<'_> {
        Lent::Message(Cow::Owned(self.clone().into()))
    }

    #[inline]
    fn into_message(self) -> Message {
        self.into()
    }
}

/// Borrowed bytes are copied, owned ones are kept, unless they are only lent.
macro_rules! single_frame {
    (borrowed: $($borrowed:ty),+; owned: $($owned:ty),+) => {
        $(impl IntoMessage for $borrowed {
            #[inline]
            fn lend(&self) -> Lent<'_> {
                Lent::Frame(self.as_ref())
            }

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
            fn lend(&self) -> Lent<'_> {
                Lent::Frame(self.as_ref())
            }

            #[inline]
            fn into_message(self) -> Message {
                self.into()
            }
        })+
    };
}

single_frame!(borrowed: &[u8], &str; owned: String, Vec<u8>);

impl<const N: usize> IntoMessage for &[u8; N] {
    #[inline]
    fn lend(&self) -> Lent<'_> {
        Lent::Frame(&self[..])
    }

    #[inline]
    fn as_frame(&self) -> Option<&[u8]> {
        Some(&self[..])
    }

    #[inline]
    fn into_message(self) -> Message {
        self.into()
    }
}
