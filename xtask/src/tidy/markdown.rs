//! Links between pages lead somewhere.

use crate::tidy::Wrong;

/// `exists` is asked for each link that is no address of the web.
pub(crate) fn violations(content: &str, exists: impl Fn(&str) -> bool) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let mut in_code = false;
    for (index, line) in content.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            let dead = links(line).filter(|link| !exists(link));
            wrong.extend(
                dead.map(|link| (index + 1, format!("a link to {link}, which is not there"))),
            );
        }
    }
    wrong
}

/// The files that a line links to: `[text](file#part)` and `[text]: file`.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let inline = line
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next());
    let definition = line
        .starts_with('[')
        .then(|| line.split_once("]: "))
        .flatten()
        .map(|(_, target)| target.trim());
    inline
        .chain(definition)
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .map(|target| target.split('#').next().unwrap_or_default())
        .filter(|file| !file.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_are_found() {
        let line =
            "[a](x.md), [b](https://x.y), [c](#part), [d](y.md#part) and [e](z.md \"title\")";
        assert_eq!(links(line).collect::<Vec<_>>(), ["x.md", "y.md", "z.md"]);
        assert_eq!(
            links("[f]: folder/x.md").collect::<Vec<_>>(),
            ["folder/x.md"]
        );
    }

    #[test]
    fn dead_ones_are_violations() {
        let page = "[a](here.md)\n```\n[b](code.md)\n```\n[c](gone.md)\n";
        let wrong = violations(page, |link| link == "here.md");
        assert_eq!(wrong.len(), 1);
        assert_eq!(wrong[0].0, 5);
    }
}
