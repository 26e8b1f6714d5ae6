//! The `ipc://` transport.

#![forbid(unsafe_code)]
