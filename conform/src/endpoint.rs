//! Endpoints that nobody has.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::scenario::Carrier;

/// An endpoint to bind to.
pub(crate) fn fresh(carrier: Carrier) -> String {
    static NAMES: AtomicU32 = AtomicU32::new(0);
    let number = NAMES.fetch_add(1, Ordering::Relaxed);
    match carrier {
        Carrier::Tcp => "tcp://127.0.0.1:*".to_owned(),
        Carrier::Ipc => {
            let name = format!("ferromq-conform-{}-{number}", std::process::id());
            format!("ipc://{}", std::env::temp_dir().join(name).display())
        }
        Carrier::Inproc => format!("inproc://conform-{number}"),
    }
}

/// An endpoint to connect to, where nobody is bound yet.
pub(crate) fn unused(carrier: Carrier) -> String {
    match carrier {
        Carrier::Tcp => {
            // Ports that the system gives nobody by itself: what is unused stays so.
            static PORTS: AtomicU32 = AtomicU32::new(0);
            let first = std::process::id() % 1000 * 10;
            let address = loop {
                let number = PORTS.fetch_add(1, Ordering::Relaxed);
                let port = 12_000 + (first + number) % 20_000;
                let address = format!("127.0.0.1:{port}");
                if TcpListener::bind(&address).is_ok() {
                    break address;
                }
            };
            format!("tcp://{address}")
        }
        Carrier::Ipc | Carrier::Inproc => fresh(carrier),
    }
}
