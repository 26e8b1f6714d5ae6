//! PAIR, the exclusive pair pattern ([RFC 31](https://rfc.zeromq.org/spec/31/)).

#![forbid(unsafe_code)]
