//! What the manifests may not say.

use crate::floors::table::{Allowed, House, Room};
use crate::workspace::{Dependency, Kind, Package, Workspace};

/// The one crate outside the house that tests may use.
const TEST_SUITE: &str = "compliance";

/// All violations, each with the crate that is to blame.
pub(crate) fn violations(house: &House, workspace: &Workspace) -> Vec<String> {
    let mut found = Vec::new();
    for package in &workspace.packages {
        let mut blame = |what: String| found.push(format!("{}: {what}", package.folder));
        if package.name != expected_name(&package.folder) {
            blame(format!("its package is named {}", package.name));
        }
        match house.room(&package.folder) {
            Some(room) => dependencies(room, package, workspace, &mut blame),
            None => blame("has no row in xtask/floors.md".to_owned()),
        }
    }
    found.extend(not_in_step(workspace));
    found.extend(facade(workspace));
    found
}

fn expected_name(folder: &str) -> String {
    match folder {
        "facade" => "ferromq".to_owned(),
        "zmtp-codec" | "xtask" => folder.to_owned(),
        _ => format!("ferromq-{folder}"),
    }
}

fn dependencies(
    room: &Room,
    package: &Package,
    workspace: &Workspace,
    blame: &mut impl FnMut(String),
) {
    for dependency in &package.dependencies {
        let wrong = if dependency.inside {
            inside(room, dependency, workspace)
        } else {
            outside(room, dependency, package)
        };
        if let Some(wrong) = wrong {
            blame(wrong);
        }
    }
}

fn inside(room: &Room, dependency: &Dependency, workspace: &Workspace) -> Option<String> {
    let name = &dependency.name;
    let Some(known) = workspace.package(name) else {
        return Some(format!("depends on {name}, which is no member"));
    };
    let for_tests = dependency.kind == Kind::Dev && known.folder == TEST_SUITE;
    let allowed = for_tests || room.may_know(&known.folder);
    (!allowed).then(|| format!("may not know {}", known.folder))
}

fn outside(room: &Room, dependency: &Dependency, package: &Package) -> Option<String> {
    // Tests may use what they like from outside: nobody has to build it.
    if dependency.kind == Kind::Dev {
        return None;
    }
    let name = &dependency.name;
    let find = |list: &'_ [Allowed]| list.iter().position(|it| it.name == *name);
    if let Some(index) = find(&room.outside) {
        return room.outside[index].objects_to(dependency);
    }
    let Some(index) = find(&room.optional) else {
        return Some(format!("may not use {name}"));
    };
    let off = dependency.optional && !package.on_by_default().contains(dependency.key.as_str());
    if !off {
        return Some(format!("{name} must be optional, and off by default"));
    }
    room.optional[index].objects_to(dependency)
}

impl Allowed {
    /// What is wrong with how `dependency` uses this crate.
    fn objects_to(&self, dependency: &Dependency) -> Option<String> {
        let name = &self.name;
        if let Some(cfg) = &self.under {
            if dependency.target.as_ref() != Some(cfg) {
                return Some(format!("{name} must be under {cfg}"));
            }
        }
        let allowed = self.features.as_ref()?;
        if dependency.default_features {
            return Some(format!("{name} must be without its default features"));
        }
        let extra: Vec<&str> = dependency
            .features
            .iter()
            .filter(|feature| !allowed.contains(*feature))
            .map(String::as_str)
            .collect();
        (!extra.is_empty()).then(|| format!("{name} may not have {}", extra.join(", ")))
    }
}

/// One version and one oldest Rust for all.
fn not_in_step(workspace: &Workspace) -> Vec<String> {
    let Some(first) = workspace.packages.first() else {
        return vec!["the workspace has no members".to_owned()];
    };
    let mut found = Vec::new();
    for package in &workspace.packages {
        if package.version != first.version {
            let versions = (&package.version, &first.version);
            found.push(format!(
                "{}: version {}, not {}",
                package.folder, versions.0, versions.1
            ));
        }
        if package.rust_version != first.rust_version {
            found.push(format!(
                "{}: another rust-version than the rest",
                package.folder
            ));
        }
    }
    found
}

/// The facade can be had with each transport and each pattern, by their names.
fn facade(workspace: &Workspace) -> Vec<String> {
    let Some(facade) = workspace.packages.iter().find(|it| it.folder == "facade") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for package in &workspace.packages {
        let folder = &package.folder;
        let family = folder
            .strip_prefix("transport-")
            .or(folder.strip_prefix("pattern-"));
        let Some(feature) = family else { continue };
        let wanted = format!("dep:{}", package.name);
        if !facade
            .features
            .get(feature)
            .is_some_and(|items| items.contains(&wanted))
        {
            found.push(format!(
                "facade: no feature {feature} that turns on {folder}"
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
|---|
| codec | 0 | | `bytes` | | |
| core | 1 | codec | `tokio` (), `loom` under `cfg(loom)` | `rustix` | |
| pattern-* | 2 | core | | | |
";

    fn package(folder: &str, dependencies: Vec<Dependency>) -> Package {
        Package {
            name: expected_name(folder),
            folder: folder.to_owned(),
            dependencies,
            ..Package::default()
        }
    }

    fn on(name: &str) -> Dependency {
        Dependency {
            name: name.to_owned(),
            key: name.to_owned(),
            inside: name.starts_with("ferromq"),
            ..Dependency::default()
        }
    }

    fn judge(packages: Vec<Package>) -> Vec<String> {
        let house = House::parse(PAGE).expect("well formed");
        let workspace = Workspace {
            packages,
            target: "t".into(),
        };
        violations(&house, &workspace)
    }

    #[test]
    fn a_crate_may_know_what_is_below_it() {
        let below = package("core", vec![]);
        assert!(judge(vec![below, package("pattern-x", vec![on("ferromq-core")])]).is_empty());
    }

    #[test]
    fn a_crate_may_not_know_its_sibling_even_in_tests() {
        for kind in [Kind::Normal, Kind::Dev, Kind::Build] {
            let to_sibling = Dependency {
                kind,
                ..on("ferromq-pattern-y")
            };
            let packages = vec![
                package("pattern-x", vec![to_sibling]),
                package("pattern-y", vec![]),
            ];
            assert_eq!(judge(packages), ["pattern-x: may not know pattern-y"]);
        }
    }

    #[test]
    fn tests_may_use_anything_from_outside() {
        let dependency = Dependency {
            kind: Kind::Dev,
            ..on("proptest")
        };
        assert!(judge(vec![package("core", vec![dependency])]).is_empty());
        assert_eq!(
            judge(vec![package("core", vec![on("proptest")])]),
            ["core: may not use proptest"]
        );
    }

    #[test]
    fn features_are_part_of_the_law() {
        let tokio = Dependency {
            features: vec!["rt".to_owned()],
            ..on("tokio")
        };
        assert_eq!(
            judge(vec![package("core", vec![tokio])]),
            ["core: tokio may not have rt"]
        );
        let tokio = Dependency {
            default_features: true,
            ..on("tokio")
        };
        let expected = ["core: tokio must be without its default features"];
        assert_eq!(judge(vec![package("core", vec![tokio])]), expected);
    }

    #[test]
    fn loom_stays_under_its_cfg() {
        let expected = ["core: loom must be under cfg(loom)"];
        assert_eq!(judge(vec![package("core", vec![on("loom")])]), expected);
        let under = Dependency {
            target: Some("cfg(loom)".to_owned()),
            ..on("loom")
        };
        assert!(judge(vec![package("core", vec![under])]).is_empty());
    }

    #[test]
    fn what_is_behind_a_feature_is_off_by_default() {
        let rustix = || Dependency {
            optional: true,
            ..on("rustix")
        };
        assert!(judge(vec![package("core", vec![rustix()])]).is_empty());
        let mut always = package("core", vec![rustix()]);
        always
            .features
            .insert("default".to_owned(), vec!["dep:rustix".to_owned()]);
        assert_eq!(
            judge(vec![always]),
            ["core: rustix must be optional, and off by default"]
        );
    }

    #[test]
    fn names_versions_and_rows() {
        let mut named = package("core", vec![]);
        named.name = "zmq-core".to_owned();
        assert_eq!(judge(vec![named]), ["core: its package is named zmq-core"]);
        let mut ahead = package("pattern-x", vec![]);
        ahead.version = "2".to_owned();
        assert_eq!(
            judge(vec![package("core", vec![]), ahead]),
            ["pattern-x: version 2, not "]
        );
        let expected = ["stranger: has no row in xtask/floors.md"];
        assert_eq!(judge(vec![package("stranger", vec![])]), expected);
    }

    #[test]
    fn the_facade_has_a_feature_for_each_pattern() {
        let facade = || Package {
            name: "ferromq".to_owned(),
            ..package("facade", vec![])
        };
        let found = judge(vec![facade(), package("pattern-x", vec![])]);
        assert!(found.contains(&"facade: no feature x that turns on pattern-x".to_owned()));
        let mut with = facade();
        with.features
            .insert("x".to_owned(), vec!["dep:ferromq-pattern-x".to_owned()]);
        let found = judge(vec![with, package("pattern-x", vec![])]);
        assert_eq!(found, ["facade: has no row in xtask/floors.md"]);
    }
}
