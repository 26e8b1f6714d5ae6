//! The `inproc://` transport.

#![forbid(unsafe_code)]
