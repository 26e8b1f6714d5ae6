//! The system's libzmq on stage.

fn main() {
    peer_zmq_ffi::main();
}
