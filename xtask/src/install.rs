//! What tests need of the machine: Debian's packages and Python's.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::shell::Tool;
use crate::workspace;

/// Installs those of `packages` that are missing, where that is ours to do: as
/// root on a Debian-like system. Elsewhere it says what may be wanted.
pub(crate) fn debian(packages: &[&str]) -> Outcome {
    if !Path::new("/etc/debian_version").exists() {
        println!(
            "not a Debian: see to the equivalents of {}",
            packages.join(", ")
        );
        return Ok(());
    }
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|it| !is_installed(it))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !is_root() {
        println!("not root: apt-get install {}", missing.join(" "));
        return Ok(());
    }
    apt_get().args(["update", "-qq"]).run()?;
    apt_get()
        .args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(missing)
        .run()
}

fn apt_get() -> Tool {
    Tool::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive")
}

fn is_installed(package: &str) -> bool {
    // `dpkg -s` also knows packages that have been removed.
    Tool::new("dpkg-query")
        .args(["-W", "-f", "${Status}", package])
        .read_quietly()
        .is_some_and(|status| status.ends_with(" installed"))
}

fn is_root() -> bool {
    Tool::new("id").arg("-u").read_quietly().as_deref() == Some("0\n")
}

/// A virtual environment in which `python3` finds Python's packages.
#[derive(Debug)]
pub(crate) struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// Makes `folder` one that has everything `requirements` asks for, a file
    /// next to the tests; without one, pyzmq.
    pub(crate) fn make(folder: PathBuf, requirements: &str) -> Outcome<Self> {
        let venv = Self { folder };
        if !venv.python().exists() {
            venv.create()?;
        }
        let pip = Tool::at(&venv.python(), "python").args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        if workspace::root().join(requirements).exists() {
            pip.args(["-r", requirements]).run()?;
        } else {
            pip.arg("pyzmq").run()?;
        }
        Ok(venv)
    }

    fn create(&self) -> Outcome {
        if !Tool::new("python3")
            .args(["-c", "import ensurepip, venv"])
            .succeeds()
        {
            return Err(Failure::new(
                "Python with venv is missing: on Debian, apt-get install python3 python3-venv",
            ));
        }
        let folder = self
            .folder
            .to_str()
            .ok_or_else(|| Failure::new("the target folder is not UTF-8"))?;
        Tool::new("python3").args(["-m", "venv", folder]).run()
    }

    fn python(&self) -> PathBuf {
        self.folder.join("bin/python")
    }

    /// `tool`, for which `python3` is this one.
    pub(crate) fn activate(&self, tool: Tool) -> Outcome<Tool> {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = [self.folder.join("bin")]
            .into_iter()
            .chain(env::split_paths(&path));
        let path: OsString = env::join_paths(folders).map_err(Failure::new)?;
        Ok(tool
            .env_unshown("PATH", path)
            .env_unshown("VIRTUAL_ENV", &self.folder))
    }
}
