//! The command `fmq`, as a user meets it: what it prints, and how it ends.

mod drafts;
mod failures;
mod formats;
mod patterns;
mod plain;
mod proxies;
#[cfg(unix)]
mod signals;
mod support;
