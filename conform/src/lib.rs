//! The differential suite: each [`Scenario`] is played with libzmq and ferromq in each
//! role, in every mix of the two; what is seen has to be the same every time, but for the
//! [`DIFFERENCES`] that are meant.
//!
//! libzmq is built with its drafts, so that the younger socket types and options are
//! there too.
//!
//! ```text
//!  CHAPTERS ──▶ Run ──▶ Stage ──┬── Ours    a socket of ferromq
//!  scenarios     │      scripts └── Theirs  a socket of libzmq
//!                ▼
//!            Verdict ──▶ page
//! ```

mod device;
mod difference;
mod endpoint;
mod errno;
mod event;
mod opt;
mod ours;
mod page;
mod parcel;
mod run;
mod scenario;
mod scenarios;
mod socket;
mod stage;
mod step;
mod theirs;
mod verdict;

pub use difference::{DIFFERENCES, Difference};
pub use errno::Errno;
pub use event::Happening;
pub use opt::Opt;
pub use page::page;
pub use run::run;
pub use scenario::{Actor, Carrier, Mix, Role, Scenario};
pub use scenarios::{CHAPTERS, Chapter};
pub use socket::Maker;
pub use step::Step;
pub use verdict::{Finding, Verdict};
