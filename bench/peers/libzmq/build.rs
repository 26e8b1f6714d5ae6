//! Links the libzmq that the system has.

fn main() {
    println!("cargo:rustc-link-lib=dylib=zmq");
}
