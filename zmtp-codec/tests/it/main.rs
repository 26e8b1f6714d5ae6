//! The crate as its users see it.

mod golden;
mod handshake;
mod mechanism;
mod memory;
mod properties;
mod support;

#[test]
fn a_session_and_its_halves_may_go_to_other_threads() {
    fn goes<T: Send>() {}
    goes::<zmtp_codec::Session>();
    goes::<zmtp_codec::Parts>();
    goes::<zmtp_codec::Batch>();
}
