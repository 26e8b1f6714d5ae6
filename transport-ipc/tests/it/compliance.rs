//! The rules that hold for every transport.

use std::sync::atomic::{AtomicU32, Ordering};

use ferromq_compliance::transport::{Fixture, run};
use ferromq_core::Endpoint;
use ferromq_transport_ipc::Ipc;

use crate::Folder;

fn malformed() -> impl Iterator<Item = Endpoint> {
    let addresses = ["", "@", "*", "*.sock", "/tmp/\0"];
    addresses
        .map(|address| Endpoint::new("ipc", address))
        .into_iter()
}

async fn paths_comply() {
    let (folder, count) = (Folder::new(), AtomicU32::new(0));
    let vacant = folder.endpoint("vacant");
    let fresh = move || folder.endpoint(&count.fetch_add(1, Ordering::Relaxed).to_string());
    let fixture = Fixture::new(Ipc, fresh).looks();
    run(&fixture.vacant(vacant).malformed(malformed()).takes_over()).await;
}

#[tokio::test]
async fn paths_on_one_thread() {
    paths_comply().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paths_on_several_threads() {
    paths_comply().await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn abstract_names() {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = |name: &str| {
        let process = std::process::id();
        Endpoint::new("ipc", &format!("@ferromq-test-{process}-{name}"))
    };
    let fresh = move || name(&COUNT.fetch_add(1, Ordering::Relaxed).to_string());
    run(&Fixture::new(Ipc, fresh)
        .vacant(name("vacant"))
        .malformed(malformed())
        .looks())
    .await;
}
