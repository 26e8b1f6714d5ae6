//! REQ and REP, the request-reply pattern ([RFC 28](https://rfc.zeromq.org/spec/28/)).

#![forbid(unsafe_code)]
