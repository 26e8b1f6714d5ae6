//! Options of sockets, for both libraries.

/// How libzmq takes a value.
trait Encode {
    fn encode(self) -> Vec<u8>;
}

impl Encode for i32 {
    fn encode(self) -> Vec<u8> {
        self.to_ne_bytes().to_vec()
    }
}

impl Encode for i64 {
    fn encode(self) -> Vec<u8> {
        self.to_ne_bytes().to_vec()
    }
}

impl Encode for &str {
    fn encode(self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
}

macro_rules! options {
    ($($name:ident($type:ty) = $number:literal,)+) => {
        /// An option and its value, by libzmq's name; `zmq_setsockopt(3)` has them all.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Opt {
            $(#[doc = concat!("Option ", stringify!($number), ".")] $name($type),)+
        }

        impl Opt {
            /// libzmq's number of the option.
            pub(crate) fn number(self) -> i32 {
                match self {
                    $(Self::$name(_) => $number,)+
                }
            }

            /// The value as libzmq takes it.
            pub(crate) fn bytes(self) -> Vec<u8> {
                match self {
                    $(Self::$name(value) => value.encode(),)+
                }
            }
        }
    };
}

options! {
    RoutingId(&'static str) = 5,
    Subscribe(&'static str) = 6,
    Unsubscribe(&'static str) = 7,
    SndBuf(i32) = 11,
    RcvBuf(i32) = 12,
    Linger(i32) = 17,
    ReconnectIvl(i32) = 18,
    MaxMsgSize(i64) = 22,
    SndHwm(i32) = 23,
    RcvHwm(i32) = 24,
    RouterMandatory(i32) = 33,
    Immediate(i32) = 39,
    XpubVerbose(i32) = 40,
    ProbeRouter(i32) = 51,
    ReqCorrelate(i32) = 52,
    ReqRelaxed(i32) = 53,
    Conflate(i32) = 54,
    RouterHandover(i32) = 56,
    ConnectRoutingId(&'static str) = 61,
    HandshakeIvl(i32) = 66,
    XpubNoDrop(i32) = 69,
    XpubManual(i32) = 71,
    XpubWelcomeMsg(&'static str) = 72,
    StreamNotify(i32) = 73,
    InvertMatching(i32) = 74,
    HeartbeatIvl(i32) = 75,
    HeartbeatTtl(i32) = 76,
    HeartbeatTimeout(i32) = 77,
    XpubVerboser(i32) = 78,
    Metadata(&'static str) = 95,
    RouterNotify(i32) = 97,
    XpubManualLastValue(i32) = 98,
    OnlyFirstSubscribe(i32) = 108,
    ReconnectStop(i32) = 109,
    HelloMsg(&'static str) = 110,
    DisconnectMsg(&'static str) = 111,
    Priority(i32) = 112,
    BusyPoll(i32) = 113,
    HiccupMsg(&'static str) = 114,
    XsubVerboseUnsubscribe(i32) = 115,
}
