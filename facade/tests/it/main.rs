//! The facade as its users hold it, whole: one binary, a room for each theme.

mod addresses;
mod cancel;
mod contexts;
mod datagrams;
mod endpoints;
mod expiry;
mod groups;
mod heartbeat;
mod hostile;
mod inproc;
mod linger;
mod many;
mod marks;
mod monitors;
mod numbers;
mod options;
mod peers;
mod properties;
mod reconnect;
mod reconnect_stop;
mod stats;
mod subscriptions;
mod support;
mod threads;
mod tidings;
mod waiting;
