//! What is not a terminal gets plain lines.

use crate::support::{Ended, fmq};

fn is_plain(ended: &Ended) {
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for text in [&ended.stdout, &ended.stderr] {
        assert!(!text.contains(['\x1b', '\r']), "{text:?}");
    }
}

#[test]
fn a_demonstration_ends_by_itself_with_a_summary() {
    let ended = fmq("demo --count 200", "").end();
    is_plain(&ended);
    assert!(ended.stdout.contains("Nothing was lost"), "{ended:?}");
    for word in [
        "REQ/REP",
        "PUB/SUB",
        "PUSH/PULL",
        "inproc",
        "tcp, two processes",
    ] {
        assert!(ended.stdout.contains(word), "{word}: {ended:?}");
    }
}

#[test]
fn a_benchmark_ends_with_a_table() {
    let ended = fmq("bench --transport tcp --size 16 --rounds 1 --count 100", "").end();
    is_plain(&ended);
    assert!(ended.stdout.contains("PUSH/PULL"), "{ended:?}");
    assert!(ended.stdout.contains("REQ/REP"), "{ended:?}");
}

#[test]
fn the_help_names_all_commands() {
    let ended = fmq("demo --help", "").end();
    is_plain(&ended);
    let help = fmq("help", "").end();
    for command in ["push", "sub", "router", "proxy", "bench", "demo"] {
        assert!(help.stdout.contains(command), "{command}");
    }
}
