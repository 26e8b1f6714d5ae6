//! The rules that hold for every pattern.
