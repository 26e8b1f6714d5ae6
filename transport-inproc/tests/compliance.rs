//! `inproc://` keeps the rules for all transports.

use std::sync::atomic::{AtomicU32, Ordering};

use ferromq_compliance::transport::{self, Fixture};
use ferromq_core::Endpoint;
use ferromq_transport_inproc::Inproc;

#[tokio::test]
async fn inproc_complies() {
    let names = AtomicU32::new(0);
    let fresh = move || Endpoint::new("inproc", &names.fetch_add(1, Ordering::Relaxed).to_string());
    let vacant = Endpoint::new("inproc", "vacant");
    transport::run(&Fixture::new(Inproc::new(), fresh).vacant(vacant)).await;
}
