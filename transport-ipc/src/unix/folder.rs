//! Folders for sockets that were bound to the wildcard.

use std::env;
use std::fs::{self, DirBuilder};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::process;

/// A new folder that only this user may enter. It goes when this is dropped, with
/// the socket in it.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// A child of a fork must not remove what is its parent's.
    owner: u32,
}

/// How often to try another name.
const ATTEMPTS: usize = 100;

impl Folder {
    /// Makes a folder where the system keeps what is temporary.
    pub(crate) fn new() -> io::Result<Self> {
        let mut builder = DirBuilder::new();
        builder.mode(0o700);
        let parent = env::temp_dir();
        for _ in 1..ATTEMPTS {
            let path = parent.join(name());
            match builder.create(&path) {
                // Others may guess at names: what exists already is not ours.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(()) => {
                    let owner = process::id();
                    return Ok(Self { path, owner });
                }
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Where the socket is to be.
    pub(crate) fn socket(&self) -> PathBuf {
        self.path.join("socket")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.owner == process::id() {
            // Somebody may have cleaned up already.
            let _ = fs::remove_file(self.socket());
            let _ = fs::remove_dir(&self.path);
        }
    }
}

/// A name, at random from where the standard library takes its hash keys.
fn name() -> String {
    let random = RandomState::new().build_hasher().finish();
    format!("ferromq-{random:016x}")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_folder_is_private_and_goes_with_what_is_in_it() {
        let (first, second) = (Folder::new(), Folder::new());
        let (first, second) = (first.expect("a folder"), second.expect("another"));
        assert_ne!(first.path, second.path);
        let path = first.path.clone();
        let mode = fs::metadata(&path).expect("a folder").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        fs::write(first.socket(), "").expect("a file");
        drop(first);
        assert!(!path.exists());
        drop(second);
    }

    #[test]
    fn a_folder_of_another_process_stays() {
        let mut folder = Folder::new().expect("a folder");
        let path = folder.path.clone();
        folder.owner += 1;
        drop(folder);
        fs::remove_dir(path).expect("it is still there");
    }
}
