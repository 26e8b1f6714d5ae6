//! What a gauge says has gone through a pipe, whoever has its ends.

#![cfg(not(loom))]

use ferromq_core::{
    Conflate, Message, PipeConfig, PipeReader, PipeTotals, PipeWriter, Wakes, pipe,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// A frame of a body has a header of two bytes, or of nine from 256 bytes on.
fn wire_len(body: usize) -> u64 {
    (body + if body > 255 { 9 } else { 2 }) as u64
}

fn ends(conflate: Conflate) -> (PipeWriter, PipeReader) {
    pipe(PipeConfig {
        send_mark: None,
        receive_mark: None,
        share_from: 4096,
        conflate,
    })
}

fn push(writer: &mut PipeWriter, body: usize) {
    let message = Message::from(vec![b'x'; body]);
    let pushed = writer.push(&[], &message, 0, &mut Wakes::new());
    pushed.expect("there is no mark");
}

fn pop(reader: &mut PipeReader) -> bool {
    let mut message = Message::new();
    reader.pop(&mut message, &mut Wakes::new()).is_ok()
}

proptest! {
    #[test]
    fn everything_counts_once_whoever_has_it(
        sizes in vec(prop_oneof![0..300_usize, 4000..70_000_usize], 0..60),
        pops in vec(0..5_usize, 60),
    ) {
        let (mut writer, mut reader) = ends(Conflate::No);
        let gauge = writer.gauge();
        let (mut bytes, mut read) = (0, 0);
        for (messages, (size, pops)) in (1..).zip(sizes.iter().zip(pops)) {
            push(&mut writer, *size);
            bytes += wire_len(*size);
            read += (0..pops).filter(|_| pop(&mut reader)).count();
            let expected = PipeTotals { messages, bytes, ..PipeTotals::default() };
            prop_assert_eq!(gauge.totals(), expected);
        }
        prop_assert!(!gauge.is_cut());
        drop(reader);
        let messages = sizes.len() as u64;
        let lost = messages - read as u64;
        let expected = PipeTotals { messages, bytes, lost, ..PipeTotals::default() };
        prop_assert_eq!(gauge.totals(), expected);
        prop_assert!(gauge.is_cut() && !gauge.is_over());
        drop(writer);
        prop_assert!(gauge.is_over());
    }
}

#[test]
fn what_was_replaced_counts_without_its_bytes() {
    let (mut writer, mut reader) = ends(Conflate::All);
    let gauge = reader.gauge();
    for size in [1, 2, 3] {
        push(&mut writer, size);
    }
    assert!(pop(&mut reader));
    push(&mut writer, 4);
    let expected = PipeTotals {
        messages: 4,
        bytes: wire_len(3) + wire_len(4),
        replaced: 2,
        expired: 0,
        lost: 0,
    };
    assert_eq!(gauge.totals(), expected);
}
