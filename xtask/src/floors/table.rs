//! `floors.md` as data.

use std::collections::BTreeSet;

/// The whole table.
#[derive(Debug, Default)]
pub(crate) struct House {
    pub(crate) rooms: Vec<Room>,
}

/// One row: what a folder, or a family of folders, may do.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// A folder, or the beginning of several and a star.
    pub(crate) folder: String,
    /// None for what stands outside the house.
    pub(crate) floor: Option<u8>,
    /// Folders, with stars.
    pub(crate) workspace: Vec<String>,
    pub(crate) outside: Vec<Allowed>,
    pub(crate) optional: Vec<Allowed>,
    /// No async, no tokio, no wakers.
    pub(crate) plain: bool,
    /// `#![forbid(unsafe_code)]`.
    pub(crate) safe: bool,
    /// How many crates from outside the default build may have.
    pub(crate) at_most: Option<usize>,
}

/// A crate from outside that may be used.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Allowed {
    pub(crate) name: String,
    /// If stated, only these features, and not the default ones.
    pub(crate) features: Option<BTreeSet<String>>,
    /// If stated, only under this `cfg`.
    pub(crate) under: Option<String>,
}

impl House {
    /// Reads the first table of `page`.
    pub(crate) fn parse(page: &str) -> Result<Self, String> {
        let rows = page.lines().skip_while(|line| !line.starts_with("|---"));
        let rows = rows.skip(1).take_while(|line| line.starts_with('|'));
        let rooms = rows.map(Room::parse).collect::<Result<Vec<_>, _>>()?;
        Self { rooms }.consistent()
    }

    /// The row for `folder`: its own, or else its family's.
    pub(crate) fn room(&self, folder: &str) -> Option<&Room> {
        let own = self.rooms.iter().find(|room| room.folder == folder);
        own.or_else(|| self.rooms.iter().find(|room| fits(&room.folder, folder)))
    }

    /// No row may allow what the floors forbid.
    fn consistent(self) -> Result<Self, String> {
        for room in &self.rooms {
            for pattern in &room.workspace {
                let mut known = self
                    .rooms
                    .iter()
                    .filter(|it| it.is_meant_by(pattern))
                    .peekable();
                if known.peek().is_none() {
                    return Err(format!("floors.md: {pattern} has no row of its own"));
                }
                if let Some(known) = known.find(|known| !known.is_below(room)) {
                    let (known, room) = (&known.folder, &room.folder);
                    return Err(format!("floors.md: {known} is not below {room}"));
                }
            }
        }
        Ok(self)
    }
}

impl Room {
    fn parse(row: &str) -> Result<Self, String> {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let ["", folder, floor, workspace, outside, optional, laws, ""] = cells[..] else {
            return Err(format!("floors.md: not six cells: {row}"));
        };
        let mut room = Self {
            folder: folder.to_owned(),
            floor: match floor {
                "" => None,
                floor => Some(
                    floor
                        .parse()
                        .map_err(|_| format!("floors.md: floor {floor}?"))?,
                ),
            },
            workspace: items(workspace).map(str::to_owned).collect(),
            outside: items(outside)
                .map(Allowed::parse)
                .collect::<Result<_, _>>()?,
            optional: items(optional)
                .map(Allowed::parse)
                .collect::<Result<_, _>>()?,
            ..Self::default()
        };
        for law in items(laws) {
            room.add_law(law)?;
        }
        Ok(room)
    }

    fn add_law(&mut self, law: &str) -> Result<(), String> {
        match law {
            "plain" => self.plain = true,
            "safe" => self.safe = true,
            _ => {
                let number = law.strip_prefix("at most ").and_then(|it| it.parse().ok());
                self.at_most = Some(number.ok_or_else(|| format!("floors.md: law {law}?"))?);
            }
        }
        Ok(())
    }

    fn is_meant_by(&self, pattern: &str) -> bool {
        self.folder == pattern || fits(pattern, &self.folder)
    }

    /// What has no floor sees the whole house; nothing sees it.
    fn is_below(&self, other: &Self) -> bool {
        self.floor
            .is_some_and(|floor| other.floor.is_none_or(|above| floor < above))
    }

    /// Whether a crate of this row may depend on `folder`.
    pub(crate) fn may_know(&self, folder: &str) -> bool {
        self.workspace.iter().any(|pattern| fits(pattern, folder))
    }
}

impl Allowed {
    /// `` `name` ``, `` `name` (feature, feature) `` or `` `name` under `cfg(…)` ``.
    fn parse(item: &str) -> Result<Self, String> {
        let wrong = || format!("floors.md: cannot read {item}");
        let rest = item.strip_prefix('`').ok_or_else(wrong)?;
        let (name, rest) = rest.split_once('`').ok_or_else(wrong)?;
        let mut allowed = Self {
            name: name.to_owned(),
            ..Self::default()
        };
        let rest = rest.trim();
        if let Some(cfg) = rest.strip_prefix("under ") {
            allowed.under = Some(cfg.trim_matches('`').to_owned());
        } else if let Some(features) = rest.strip_prefix('(') {
            let features = features.strip_suffix(')').ok_or_else(wrong)?;
            allowed.features = Some(items(features).map(str::to_owned).collect());
        } else if !rest.is_empty() {
            return Err(wrong());
        }
        Ok(allowed)
    }
}

/// Whether `folder` is what `pattern` means.
fn fits(pattern: &str, folder: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(family) => folder.starts_with(family),
        None => folder == pattern,
    }
}

/// What stands between the commas that are not in parentheses.
fn items(cell: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_u32;
    let parts = cell.split(move |character| {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    });
    parts.map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# Title

| folder | floor | workspace | outside | optional | laws |
|---|---|---|---|---|---|
| codec | 0 | | `bytes` | | plain, safe, at most 2 |
| core | 1 | codec | `tokio` (rt, net), `bytes` (), `loom` under `cfg(loom)` | | safe |
| part-* | 2 | core | | `x` | |
| part-odd | 2 | codec, core | | | |
| top | 3 | part-* | | | |

| another | table |
";

    #[test]
    fn rows_are_read() {
        let house = House::parse(PAGE).expect("well formed");
        assert_eq!(house.rooms.len(), 5);
        let core = house.room("core").expect("there");
        assert_eq!(core.floor, Some(1));
        assert!(core.safe && !core.plain);
        let [tokio, bytes, loom] = &core.outside[..] else {
            panic!("three crates, not {:?}", core.outside);
        };
        let features = ["net", "rt"].map(str::to_owned);
        assert_eq!(tokio.features, Some(features.into()));
        assert_eq!(bytes.features, Some(BTreeSet::new()));
        assert_eq!(loom.under.as_deref(), Some("cfg(loom)"));
        assert_eq!(house.room("codec").and_then(|it| it.at_most), Some(2));
    }

    #[test]
    fn a_folder_has_its_own_row_before_its_familys() {
        let house = House::parse(PAGE).expect("well formed");
        assert!(house.room("part-odd").expect("there").may_know("codec"));
        assert!(!house.room("part-new").expect("there").may_know("codec"));
        assert!(house.room("top").expect("there").may_know("part-new"));
        assert!(house.room("stranger").is_none());
    }

    #[test]
    fn a_table_cannot_allow_what_floors_forbid() {
        let sibling = PAGE.replace("| codec, core |", "| part-* |");
        let error = House::parse(&sibling).expect_err("a sibling");
        assert!(error.contains("part-* is not below part-odd"), "{error}");
        let upside_down = PAGE.replace("| codec | 0 | |", "| codec | 0 | top |");
        assert!(House::parse(&upside_down).is_err());
    }

    #[test]
    fn a_row_that_cannot_be_read_is_an_error() {
        for (was, is) in [
            ("at most 2", "at most two"),
            ("`x`", "x"),
            ("| 3 |", "| three |"),
            ("(rt, net)", "rt"),
        ] {
            assert!(House::parse(&PAGE.replace(was, is)).is_err(), "{is}");
        }
    }
}
