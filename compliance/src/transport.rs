//! The rules that hold for every transport.
