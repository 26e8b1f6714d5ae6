//! What cargo knows of the workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::failure::{Failure, Outcome};
use crate::shell::Tool;

/// The folder that everything is relative to.
pub(crate) fn root() -> PathBuf {
    let xtask =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&xtask)
        .parent()
        .map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The members, and where they are built.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) packages: Vec<Package>,
    pub(crate) target: PathBuf,
}

/// One member.
#[derive(Debug, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// The folder's name, which is how the table of floors calls it.
    pub(crate) folder: String,
    pub(crate) path: PathBuf,
    pub(crate) version: String,
    pub(crate) rust_version: String,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) features: BTreeMap<String, Vec<String>>,
    /// The first files of its libraries and binaries.
    pub(crate) crate_roots: Vec<PathBuf>,
}

/// One line under `[dependencies]`, or one of its sisters.
#[derive(Debug, Default)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// What the manifest calls it.
    pub(crate) key: String,
    pub(crate) kind: Kind,
    pub(crate) optional: bool,
    /// Whether it is in this workspace.
    pub(crate) inside: bool,
    pub(crate) features: Vec<String>,
    pub(crate) default_features: bool,
    /// The `cfg` it stands under.
    pub(crate) target: Option<String>,
}

/// What a dependency is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    #[default]
    Normal,
    Build,
    Dev,
}

impl Workspace {
    /// Asks cargo. Needs no network and no lock.
    pub(crate) fn load() -> Outcome<Self> {
        let json = Tool::cargo()
            .args(["metadata", "--format-version", "1", "--no-deps"])
            .read()?;
        Self::parse(&json).ok_or_else(|| Failure::new("cannot read what `cargo metadata` says"))
    }

    fn parse(json: &str) -> Option<Self> {
        let metadata: Value = serde_json::from_str(json).ok()?;
        Some(Self {
            packages: list(&metadata, "packages", package)?,
            target: text(&metadata, "target_directory")?.into(),
        })
    }

    /// The member with this package name.
    pub(crate) fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }
}

impl Package {
    /// The optional dependencies that the default features turn on, by key.
    pub(crate) fn on_by_default(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec!["default"];
        while let Some(feature) = open.pop() {
            if !seen.insert(feature) {
                continue;
            }
            for item in self.features.get(feature).into_iter().flatten() {
                match item.split_once('/') {
                    // `name?/feature` turns nothing on by itself.
                    Some((key, _)) if key.ends_with('?') => {}
                    Some((key, _)) => drop(found.insert(key)),
                    None => match item.strip_prefix("dep:") {
                        Some(key) => drop(found.insert(key)),
                        None => open.push(item),
                    },
                }
            }
        }
        found
    }
}

fn package(value: &Value) -> Option<Package> {
    let path = Path::new(text(value, "manifest_path")?)
        .parent()?
        .to_path_buf();
    Some(Package {
        name: text(value, "name")?.to_owned(),
        folder: path.file_name()?.to_str()?.to_owned(),
        path,
        version: text(value, "version")?.to_owned(),
        rust_version: text(value, "rust_version").unwrap_or_default().to_owned(),
        dependencies: list(value, "dependencies", dependency)?,
        features: value
            .get("features")?
            .as_object()?
            .iter()
            .map(|(name, items)| (name.clone(), words(items)))
            .collect(),
        crate_roots: list(value, "targets", |target| {
            let kinds = words(target.get("kind")?);
            let shipped = kinds.iter().any(|kind| SHIPPED.contains(&kind.as_str()));
            Some(shipped.then_some(PathBuf::from(text(target, "src_path")?)))
        })?
        .into_iter()
        .flatten()
        .collect(),
    })
}

/// The kinds of targets that are not tests, examples or build scripts.
const SHIPPED: [&str; 6] = ["lib", "rlib", "cdylib", "staticlib", "proc-macro", "bin"];

fn dependency(value: &Value) -> Option<Dependency> {
    let name = text(value, "name")?.to_owned();
    Some(Dependency {
        key: text(value, "rename").unwrap_or(&name).to_owned(),
        name,
        kind: match text(value, "kind") {
            Some("dev") => Kind::Dev,
            Some("build") => Kind::Build,
            _ => Kind::Normal,
        },
        optional: value.get("optional")?.as_bool()?,
        inside: text(value, "path").is_some(),
        features: words(value.get("features")?),
        default_features: value.get("uses_default_features")?.as_bool()?,
        target: text(value, "target").map(str::to_owned),
    })
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

fn words(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn list<T>(value: &Value, key: &str, each: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.get(key)?.as_array()?.iter().map(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read() {
        let json = r#"{
            "target_directory": "/t",
            "packages": [{
                "name": "ferromq-core", "version": "0.1.0", "rust_version": "1.85",
                "manifest_path": "/w/core/Cargo.toml",
                "features": {"default": ["a"], "a": ["dep:x", "y?/z"]},
                "targets": [
                    {"kind": ["lib"], "src_path": "/w/core/src/lib.rs"},
                    {"kind": ["test"], "src_path": "/w/core/tests/it.rs"}
                ],
                "dependencies": [{
                    "name": "tokio", "rename": null, "kind": null, "optional": false,
                    "features": ["rt"], "uses_default_features": false, "target": "cfg(unix)"
                }]
            }]
        }"#;
        let workspace = Workspace::parse(json).expect("well formed");
        let core = workspace.package("ferromq-core").expect("it is there");
        assert_eq!(core.folder, "core");
        assert_eq!(core.crate_roots, [Path::new("/w/core/src/lib.rs")]);
        assert_eq!(core.on_by_default().into_iter().collect::<Vec<_>>(), ["x"]);
        let tokio = &core.dependencies[0];
        assert_eq!(tokio.kind, Kind::Normal);
        assert_eq!(tokio.target.as_deref(), Some("cfg(unix)"));
        assert!(!tokio.inside && !tokio.default_features);
    }

    #[test]
    fn default_features_are_followed_once() {
        let package = Package {
            features: [
                ("default".to_owned(), vec!["a".to_owned()]),
                (
                    "a".to_owned(),
                    vec!["default".to_owned(), "dep:x".to_owned(), "y/std".to_owned()],
                ),
                ("b".to_owned(), vec!["dep:z".to_owned()]),
            ]
            .into(),
            ..Package::default()
        };
        assert_eq!(
            package.on_by_default().into_iter().collect::<Vec<_>>(),
            ["x", "y"]
        );
    }
}
