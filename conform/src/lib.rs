//! The differential suite: a [`Scenario`] is played with libzmq in both roles, with
//! ferromq in both, and with one of each both ways round; what is seen has to be the
//! same every time.
//!
//! libzmq is built with its drafts, so that the younger socket types are there too.
//!
//! ```text
//!  Scenario ── Stage ──┬── Ours    a socket of ferromq
//!   steps      script  └── Theirs  a socket of libzmq
//! ```

mod errno;
mod ours;
mod parcel;
mod scenario;
mod socket;
mod stage;
mod theirs;

pub use errno::Errno;
pub use parcel::Parcel;
pub use scenario::{Carrier, Mix, Role, Scenario, Step};
pub use socket::{Maker, Socket};
pub use stage::play;
