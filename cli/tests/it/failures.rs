//! Exit codes and messages: 2 for what is wrong with the arguments, 1 for what
//! fails, and a line that names the endpoint and says what to do.

use std::net::TcpListener;

use crate::support::fmq;

/// Runs a command that fails, and looks for `words` in the one line it says.
#[track_caller]
fn fails(command: &str, code: i32, words: &[&str]) {
    let ended = fmq(command, "").end();
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(code), ""));
    assert!(ended.stderr.starts_with("fmq: "), "{}", ended.stderr);
    for word in words {
        assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
    }
}

#[test]
fn endpoints_that_are_none() {
    fails("pull --bind foo://x", 2, &["\"foo\"", "tcp, ipc, inproc"]);
    fails("pull --bind nonsense", 2, &["\"nonsense\"", "tcp://"]);
    fails("pull --bind tcp://127.0.0.1", 2, &["port is missing"]);
    fails(
        "pull --connect tcp://127.0.0.1:99999",
        2,
        &["65535", "\"99999\""],
    );
    fails("pull --bind tcp://127.0.0.1:abc", 2, &["\"abc\""]);
    fails("pull --connect tcp://", 2, &["address", "missing"]);
    fails("pull --bind inproc://a", 2, &["inproc://a", "one process"]);
}

#[test]
fn a_name_that_does_not_resolve() {
    let host = "tcp://no-such-host.invalid:5555";
    fails(
        &format!("pull --connect {host}"),
        1,
        &[host, "does not resolve"],
    );
}

#[test]
fn an_address_of_no_interface() {
    // For documentation (RFC 5737), and so nobody's.
    let endpoint = "tcp://192.0.2.1:5555";
    fails(
        &format!("pull --bind {endpoint}"),
        1,
        &[endpoint, "no interface"],
    );
}

#[test]
fn an_address_in_use() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let endpoint = format!("tcp://{address}");
    fails(
        &format!("pull --bind {endpoint}"),
        1,
        &[&endpoint, "in use"],
    );
}

#[cfg(unix)]
#[test]
fn a_path_that_is_too_long() {
    let endpoint = format!("ipc:///tmp/{}", "x".repeat(200));
    for verb in ["bind", "connect"] {
        fails(
            &format!("pull --{verb} {endpoint}"),
            1,
            &[&endpoint, "too long"],
        );
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_does_not_exist() {
    let endpoint = "ipc:///no/such/folder/x";
    fails(
        &format!("pull --bind {endpoint}"),
        1,
        &[endpoint, "does not exist"],
    );
}

#[test]
fn nobody_there_in_time() {
    let unbound = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let endpoint = format!("tcp://{}", unbound.expect("a free port"));
    let nobody = format!("nothing listens at {endpoint}");
    for command in ["push", "pull", "req"] {
        let content = if command == "pull" { "" } else { "hello" };
        let command = format!("{command} --connect {endpoint} --timeout 100ms {content}");
        fails(&command, 1, &["within 100 ms", &nobody]);
    }
}

#[test]
fn no_subscriber_in_time() {
    let mut publisher = fmq("pub --bind tcp://127.0.0.1:* --timeout 10ms hello", "");
    publisher.endpoint();
    let ended = publisher.end();
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.stderr, "fmq: no subscriber came within 10 ms\n");
}

#[test]
fn what_is_no_message() {
    let push = "push --connect tcp://127.0.0.1:9 --format hex";
    fails(
        &format!("{push} 6z"),
        2,
        &["the message \"6z\" is not hexadecimal"],
    );
    let mut pull = fmq("pull --bind tcp://127.0.0.1:* --count 1", "");
    let push = format!("push --connect {} --format hex", pull.endpoint());
    let ended = fmq(&push, "61\n6z\n").end();
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("line 2 of the input"), "{ended:?}");
}

#[test]
fn arguments_that_are_none() {
    fails("push --frobnicate", 2, &["--frobnicate"]);
    fails("frobnicate", 2, &["'frobnicate'"]);
    fails("push hello", 2, &["--bind", "--connect"]);
    fails("pull --bind tcp://127.0.0.1:* --count many", 2, &["'many'"]);
}

#[test]
fn a_peer_of_the_wrong_kind() {
    let mut publisher = fmq("pub --bind tcp://127.0.0.1:* --timeout 30s", "");
    let pull = format!("pull --connect {}", publisher.endpoint());
    fails(&pull, 1, &["no peer for this socket"]);
}
