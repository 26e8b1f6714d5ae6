//! What differs, and is meant to.

use crate::scenario::Role::{A, B, C};
use crate::scenario::{Carrier, Mix, Role};
use crate::socket::Maker;

/// A line of a script that is another one where ferromq has a role, and why.
///
/// One that is not seen any more fails the run: it excuses nothing.
#[derive(Debug)]
pub struct Difference {
    /// The scenario, by its name.
    pub scenario: &'static str,
    /// The difference is there where ferromq has one of these roles.
    pub whose: &'static [Role],
    /// Over these carriers.
    pub carriers: &'static [Carrier],
    /// What libzmq's line ends with: what comes of the step.
    pub libzmq: &'static str,
    /// What ferromq's ends with.
    pub ferromq: &'static str,
    /// Why.
    pub why: &'static str,
}

impl Difference {
    /// Whether it has to be there if these make the sockets.
    pub(crate) fn is_due(&self, mix: Mix) -> bool {
        let ours = |role: &Role| mix.maker(*role) == Maker::Ours;
        self.whose.iter().any(ours)
    }
}

/// All of them.
pub const DIFFERENCES: &[Difference] = &[
    Difference {
        scenario: "what is no reply",
        whose: &[A],
        carriers: Carrier::WIRES,
        libzmq: "nothing",
        ferromq: r#""answer""#,
        why: "A REQ skips what is no reply, whatever it came over. libzmq does so over inproc, \
              and otherwise ends the connection for good, and with it the good reply behind.",
    },
    Difference {
        scenario: "a mark that is raised while the queue is full",
        whose: &[A],
        carriers: Carrier::INPROC,
        libzmq: "Again",
        ferromq: "sent",
        why: "There is room at once; in libzmq a queue that is full takes nothing before \
              something was received.",
    },
    Difference {
        scenario: "a subscription may stand in any frame",
        whose: &[A, B],
        carriers: Carrier::ALL,
        libzmq: r#""hello|\x01a""#,
        ferromq: r#""\x01a""#,
        why: "A request travels on its own, and before the message in whose frames it stood: \
              so an application that looks for requests at the beginning of a message finds \
              all of them.",
    },
    Difference {
        scenario: "a verbose XSUB passes on ends of what never began",
        whose: &[A],
        carriers: Carrier::ALL,
        libzmq: r#""\x00never""#,
        ferromq: "nothing",
        why: "An XPUB that is neither verboser nor manual tells what is new, and there is no \
              news in the end of what never began.",
    },
    Difference {
        scenario: "topics end with their subscriber",
        whose: &[A],
        carriers: Carrier::ALL,
        libzmq: "1 topics",
        ferromq: "0 topics",
        why: "A topic that nobody wants is none. libzmq counts those on that ended with their \
              subscriber, and not by a request: its number only grows then.",
    },
    Difference {
        scenario: "a ROUTER that does not receive is asked for who is gone",
        whose: &[A],
        carriers: Carrier::WIRES,
        libzmq: "true",
        ferromq: "Unreachable",
        why: "Who is gone is nobody, even if the ROUTER has not received all that it had sent. \
              libzmq finds that out when it receives, and has room for it up to then: what is \
              sent there is lost.",
    },
    Difference {
        scenario: "what was received waits no more",
        whose: &[B],
        carriers: Carrier::INPROC,
        libzmq: "0 for it, 2 from it",
        ferromq: "0 for it, 1 from it",
        why: "It is counted message by message; libzmq's queue hears of what was received half \
              a mark at a time.",
    },
    Difference {
        scenario: "properties by their names in small letters",
        whose: &[A],
        carriers: Carrier::WIRES,
        libzmq: "none",
        ferromq: "DEALER",
        why: "Names of properties are the same in any case (RFC 23); libzmq compares them \
              letter by letter.",
    },
    Difference {
        scenario: "a peer within a process is announced",
        whose: &[A],
        carriers: Carrier::INPROC,
        libzmq: "nothing",
        ferromq: r#""b|""#,
        why: "A ROUTER that is to tell of its peers tells of all of them; libzmq has the \
              message made by connections, and there is none within a process.",
    },
    Difference {
        scenario: "a REP's options of a ROUTER",
        whose: &[A],
        carriers: Carrier::TCP,
        libzmq: "done",
        ferromq: "Unsupported",
        why: "A REP answers each peer on its own connection, whatever its name; libzmq's \
              inherits the options, and can do nothing with them.",
    },
    Difference {
        scenario: "a STREAM's message has a frame behind the name",
        whose: &[B],
        carriers: Carrier::TCP,
        libzmq: "sent",
        ferromq: "Invalid",
        why: "What says nothing is an error. libzmq swallows it, and loses the message behind it \
              too.",
    },
    Difference {
        scenario: "sockets that have no such messages",
        whose: &[A, B, C],
        carriers: Carrier::TCP,
        libzmq: "done",
        ferromq: "Unsupported",
        why: "No option is accepted and ignored: libzmq's PUSH says no hello, its PULL is not \
              told of who is gone, and its PAIR of no hiccup.",
    },
    Difference {
        scenario: "what is no endpoint is refused where it is bound",
        whose: &[A],
        carriers: Carrier::TCP,
        libzmq: "done",
        ferromq: "Invalid",
        why: "There is no port 70000; libzmq says that it is bound.",
    },
    Difference {
        scenario: "what is no endpoint is refused where it is connected to",
        whose: &[A],
        carriers: Carrier::TCP,
        libzmq: "done",
        ferromq: "Invalid",
        why: "An endpoint without a host leads nowhere; libzmq takes it.",
    },
    Difference {
        scenario: "a command whose name is longer than it",
        whose: &[A],
        carriers: Carrier::TCP,
        libzmq: "no",
        ferromq: "yes",
        why: "What is not in the grammar of RFC 37 ends its connection, also after the \
              handshake; libzmq looks at no name there but those it knows.",
    },
];
