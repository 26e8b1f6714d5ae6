//! The transport from outside: the rules for all transports, and those of ipc.
#![cfg(unix)]

mod compliance;
mod listening;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use ferromq_core::{Endpoint, LinkOptions};
use ferromq_transport_ipc::IpcOptions;

/// A new folder for one test, which goes with what is in it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ferromq-test-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).expect("a folder");
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }

    /// The endpoint of a file in the folder.
    fn endpoint(&self, file: &str) -> Endpoint {
        let path = self.0.join(file);
        Endpoint::new("ipc", path.to_str().expect("a path of letters"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let writable = fs::Permissions::from_mode(0o700);
        let _ = fs::set_permissions(&self.0, writable);
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn with(options: IpcOptions) -> LinkOptions {
    let mut link = LinkOptions::default();
    link.transport.set(options);
    link
}
