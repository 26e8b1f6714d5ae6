//! The facade's examples: each runs, ends by itself, and ends well.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::failure::{Failure, Outcome};
use crate::shell::Tool;

/// An example that takes longer does not end by itself.
const LIMIT: Duration = Duration::from_secs(60);

pub(crate) fn run() -> Outcome {
    // With all features of all crates, because the tests have built that already.
    let messages = Tool::cargo()
        .args(["build", "--workspace", "--examples", "--all-features"])
        .args(["--message-format", "json-render-diagnostics"])
        .read()?;
    let examples: Vec<Example> = messages.lines().filter_map(example).collect();
    for Example { name, program } in &examples {
        let line = format!("cargo run -p ferromq --all-features --example {name}");
        Tool::at(Path::new(program), &line).run_within(LIMIT)?;
    }
    println!("{} examples", examples.len());
    match examples.len() {
        0 => Err(Failure::new("the facade has no examples")),
        _ => Ok(()),
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Example {
    name: String,
    program: String,
}

/// The example that one line of cargo's messages is about, if it is one of the
/// facade's.
fn example(line: &str) -> Option<Example> {
    let message: Value = serde_json::from_str(line).ok()?;
    let target = message.get("target")?;
    let of_the_facade = Path::new(target.get("src_path")?.as_str()?)
        .parent()?
        .ends_with("facade/examples");
    let name = target.get("name")?.as_str()?.to_owned();
    let program = message.get("executable")?.as_str()?.to_owned();
    of_the_facade.then_some(Example { name, program })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_told_from_other_artifacts() {
        let line = r#"{"target": {"name": "hello", "src_path": "/w/facade/examples/hello.rs"},
                       "executable": "/t/hello"}"#;
        let hello = Example {
            name: "hello".to_owned(),
            program: "/t/hello".to_owned(),
        };
        assert_eq!(example(line), Some(hello));
        assert_eq!(example(&line.replace("facade/examples", "cli/src")), None);
        assert_eq!(example(&line.replace(r#""/t/hello""#, "null")), None);
        assert_eq!(example("not json"), None);
    }
}
