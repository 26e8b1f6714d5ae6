//! A proxy, and how it is told to end.

use crate::support::{fmq, fmq_without_end};

#[test]
fn a_queue_passes_requests_on_until_it_is_told_to_end() {
    let any = "tcp://127.0.0.1:*";
    let mut proxy = fmq_without_end(&format!(
        "proxy queue --frontend {any} --backend {any} --control {any}"
    ));
    let (front, back, control) = (proxy.endpoint(), proxy.endpoint(), proxy.endpoint());
    let rep = fmq(&format!("rep --connect {back} --echo --count 2"), "");
    let req = fmq(&format!("req --connect {front}"), "a\nb\n");
    assert_eq!(req.succeed(), "a\nb\n");
    assert_eq!(rep.succeed(), "a\nb\n");
    fmq(&format!("req --connect {control} TERMINATE"), "").succeed();
    assert_eq!(proxy.succeed(), "");
}
