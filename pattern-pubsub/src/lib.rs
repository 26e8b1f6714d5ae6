//! PUB, SUB, XPUB and XSUB, the publish-subscribe pattern ([RFC 29](https://rfc.zeromq.org/spec/29/)).

#![forbid(unsafe_code)]
