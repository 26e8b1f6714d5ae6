//! The newest libzmq that a crate carries on stage, compiled for speed with it.

use arzmq_sys as _;

fn main() {
    peer_zmq_ffi::main();
}
