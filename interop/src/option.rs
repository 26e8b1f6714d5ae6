//! Options of sockets, named and numbered as in libzmq, for all implementations.

use std::str;

use bytes::Bytes;

use crate::failure::{Failure, Outcome};

/// An option and its value.
pub(crate) type Setting = (Opt, Value);

/// The value of an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A C `int`.
    Int(i32),
    /// An `int64_t`.
    Long(i64),
    /// Bytes, or text.
    Bytes(Bytes),
}

macro_rules! options {
    ($($name:ident = $number:literal,)+) => {
        /// An option, by libzmq's name and number; its manual, zmq_setsockopt(3), has them all.
        /// From 10,000 on they are of ferromq alone.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(i32)]
        pub enum Opt {
            $($name = $number,)+
        }

        impl Opt {
            const ALL: &[Self] = &[$(Self::$name,)+];
        }
    };
}

options! {
    RoutingId = 5,
    Subscribe = 6,
    Unsubscribe = 7,
    SndBuf = 11,
    RcvBuf = 12,
    Linger = 17,
    ReconnectIvl = 18,
    MaxMsgSize = 22,
    SndHwm = 23,
    RcvHwm = 24,
    RcvTimeo = 27,
    SndTimeo = 28,
    RouterMandatory = 33,
    Immediate = 39,
    XpubVerbose = 40,
    Ipv6 = 42,
    ProbeRouter = 51,
    ReqCorrelate = 52,
    ReqRelaxed = 53,
    Conflate = 54,
    RouterHandover = 56,
    ConnectRoutingId = 61,
    HandshakeIvl = 66,
    XpubNodrop = 69,
    XpubManual = 71,
    XpubWelcomeMsg = 72,
    StreamNotify = 73,
    InvertMatching = 74,
    HeartbeatIvl = 75,
    HeartbeatTtl = 76,
    HeartbeatTimeout = 77,
    XpubVerboser = 78,
    Metadata = 95,
    RouterNotify = 97,
    XpubManualLastValue = 98,
    OnlyFirstSubscribe = 108,
    XsubVerboseUnsubscribe = 115,
    ConflateByTopic = 10_001,
}

impl Opt {
    /// libzmq's number.
    #[must_use]
    pub fn number(self) -> i32 {
        self as i32
    }

    /// This option with a number.
    #[must_use]
    pub fn int(self, value: i32) -> Setting {
        (self, Value::Int(value))
    }

    /// This option with a large number.
    #[must_use]
    pub fn long(self, value: i64) -> Setting {
        (self, Value::Long(value))
    }

    /// This option with bytes.
    pub fn bytes(self, value: impl AsRef<[u8]>) -> Setting {
        let value = Bytes::copy_from_slice(value.as_ref());
        (self, Value::Bytes(value))
    }

    /// The option of that number.
    ///
    /// # Errors
    ///
    /// If there is none here.
    pub fn from_number(number: i32) -> Outcome<Self> {
        let found = Self::ALL.iter().find(|option| option.number() == number);
        found
            .copied()
            .ok_or_else(|| Failure::new(format_args!("no option has the number {number}")))
    }
}

impl Value {
    /// The number, wherever it is one.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn number(&self) -> Outcome<i64> {
        match self {
            Self::Int(value) => Ok(i64::from(*value)),
            Self::Long(value) => Ok(*value),
            Self::Bytes(_) => Err(Failure::new("a number is wanted, and these are bytes")),
        }
    }

    /// The bytes.
    ///
    /// # Errors
    ///
    /// If it is a number.
    pub fn bytes(&self) -> Outcome<Bytes> {
        match self {
            Self::Bytes(value) => Ok(value.clone()),
            _ => Err(Failure::new("bytes are wanted, and this is a number")),
        }
    }

    /// As it is given to a process: a letter for the type, and the bytes.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        match self {
            Self::Int(value) => format!("i{value}").into(),
            Self::Long(value) => format!("l{value}").into(),
            Self::Bytes(value) => [b"b", &value[..]].concat().into(),
        }
    }

    /// What [`encode`](Self::encode) made.
    ///
    /// # Errors
    ///
    /// If it did not.
    pub fn decode(text: &Bytes) -> Outcome<Self> {
        let number = || str::from_utf8(&text[1..]);
        match text.first() {
            Some(b'i') => Ok(Self::Int(number()?.parse()?)),
            Some(b'l') => Ok(Self::Long(number()?.parse()?)),
            Some(b'b') => Ok(Self::Bytes(text.slice(1..))),
            _ => Err(Failure::new("a value without a type")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_the_way_to_a_process() {
        for value in [
            Value::Int(-1),
            Value::Long(1 << 40),
            Opt::Subscribe.bytes(b"b\xff").1,
        ] {
            assert_eq!(Value::decode(&value.encode()), Ok(value));
        }
    }

    #[test]
    fn options_are_found_by_number() {
        assert_eq!(Opt::from_number(23), Ok(Opt::SndHwm));
        assert!(Opt::from_number(0).is_err());
    }
}
