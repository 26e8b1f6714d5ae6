//! What no file that people write may have in it.

use crate::tidy::Wrong;

pub(crate) fn violations(content: &str) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for (index, line) in content.lines().enumerate() {
        let mut report = |what: String| wrong.push((index + 1, what));
        if line.contains('\t') {
            report("a tab".to_owned());
        }
        if line.ends_with(' ') {
            report("a blank at the end".to_owned());
        }
        for place in machine_paths().iter().filter(|place| line.contains(*place)) {
            report(format!("{place}: a path of somebody's machine"));
        }
    }
    if !content.is_empty() && !content.ends_with('\n') {
        wrong.push((
            content.lines().count(),
            "no end of line at the end".to_owned(),
        ));
    }
    wrong
}

/// Folders that only exist where somebody works. In pieces, so that this file may
/// be tidy itself.
fn machine_paths() -> [String; 2] {
    ["work", "root"].map(|folder| format!("/{folder}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(content: &str) -> Vec<usize> {
        violations(content)
            .into_iter()
            .map(|(line, _)| line)
            .collect()
    }

    #[test]
    fn blanks_are_found() {
        assert_eq!(found("a\nb \n\tc\n"), [2, 3]);
        assert_eq!(found("a\nb"), [2]);
        assert_eq!(found("a\r\nb\r\n"), [0; 0]);
    }

    #[test]
    fn paths_of_machines_are_found() {
        for place in machine_paths() {
            assert_eq!(found(&format!("see {place}x\n")), [1]);
        }
        assert_eq!(found("see /var/run/x and our root/work\n"), [0; 0]);
    }
}
