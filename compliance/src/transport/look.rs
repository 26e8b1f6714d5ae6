//! Looks: what a stream's reader finds by itself ([`Reader::try_read`]), and that who
//! waits for it is woken all the same. Most counts only for readers that look.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use ferromq_core::{Reader, Stream};
use tokio::io::{AsyncReadExt, ReadBuf};

use super::stream::{self, write_all};
use super::{Fixture, within};

/// What is sent without a pause between reads and looks.
const MUCH: usize = 8 << 20;

/// So many bytes a look takes at the most, in turn.
const LOOKS: &[usize] = &[1, 1024, 13, 70_001];

/// What has been written is found after so many looks, each with a rest for the system.
const PATIENCE: usize = 100_000;

/// Runs these checks.
pub async fn run(fixture: &Fixture) {
    within("nothing", nothing_is_found_where_nothing_is(fixture)).await;
    within("found", a_look_finds_what_the_runtime_has_not_seen(fixture)).await;
    within("rest", a_look_leaves_the_rest_to_who_waits(fixture)).await;
    within("all", a_look_that_takes_all_loses_no_wake_up(fixture)).await;
    within("turns", looks_and_reads_in_turns_lose_nothing(fixture)).await;
    within("end", the_end_is_found(fixture)).await;
}

/// A look that finds nothing says so, and takes nothing from who waits.
pub async fn nothing_is_found_where_nothing_is(fixture: &Fixture) {
    let Some((near, mut far)) = fixture.streams().await else {
        return;
    };
    for _ in 0..3 {
        assert_eq!(look(&mut *far.reader, 16), None);
        assert!(!is_readable(&mut *far.reader).await);
    }
    write_all(&*near.writer, b"at last").await;
    expect(&mut *far.reader, b"at last").await;
}

/// What the peer has written is found without a turn of the runtime, before and after
/// somebody has waited for it in vain.
pub async fn a_look_finds_what_the_runtime_has_not_seen(fixture: &Fixture) {
    let Some((near, mut far)) = looking(fixture).await else {
        return;
    };
    for words in [&b"one"[..], b"three", b"two"] {
        write_all(&*near.writer, words).await;
        find(&mut *far.reader, words);
        assert!(!is_readable(&mut *far.reader).await);
    }
}

/// What a look has not taken is for the one who waits, who is woken for it.
pub async fn a_look_leaves_the_rest_to_who_waits(fixture: &Fixture) {
    let Some((near, mut far)) = looking(fixture).await else {
        return;
    };
    for _ in 0..100 {
        write_all(&*near.writer, b"beginning").await;
        find(&mut *far.reader, b"be");
        expect(&mut *far.reader, b"ginning").await;
        // The other way round: who waits has taken a part, and leaves it to a look.
        write_all(&*near.writer, b"beginning").await;
        expect(&mut *far.reader, b"be").await;
        find(&mut *far.reader, b"ginning");
    }
}

/// When a look has taken all that somebody waited for, that one waits on, and is woken for
/// what comes next, whether or not the runtime had seen what was taken.
pub async fn a_look_that_takes_all_loses_no_wake_up(fixture: &Fixture) {
    let Some((near, mut far)) = looking(fixture).await else {
        return;
    };
    for turn in 0..100 {
        assert!(!is_readable(&mut *far.reader).await);
        write_all(&*near.writer, b"taken").await;
        for _ in 0..turn % 3 {
            tokio::task::yield_now().await;
        }
        find(&mut *far.reader, b"taken");
        let writer = Arc::clone(&near.writer);
        let next = tokio::spawn(async move { write_all(&*writer, b"next").await });
        expect(&mut *far.reader, b"next").await;
        next.await.expect("what comes next");
    }
}

/// Much that is read now in one way and now in the other arrives unchanged, as its peer
/// writes.
pub async fn looks_and_reads_in_turns_lose_nothing(fixture: &Fixture) {
    let Some((near, mut far)) = fixture.streams().await else {
        return;
    };
    let sending = tokio::spawn(stream::send_pattern(Arc::clone(&near.writer), MUCH));
    let pattern = stream::pattern();
    let mut buffer = vec![0; stream::READ];
    let (mut received, mut turn) = (0, 0);
    while received < MUCH {
        let most = LOOKS[turn % LOOKS.len()];
        let read = match far.reader.try_read(&mut buffer[..most]) {
            Ok(read) => read,
            Err(error) => {
                assert_eq!(error.kind(), io::ErrorKind::WouldBlock, "{error}");
                // Short ones, so that a read, too, leaves something.
                let most = LOOKS[turn / LOOKS.len() % LOOKS.len()];
                far.reader.read(&mut buffer[..most]).await.expect("more")
            }
        };
        assert_ne!(read, 0, "it ends after {received} bytes of {MUCH}");
        let start = received % stream::PERIOD;
        assert!(
            buffer[..read] == pattern[start..start + read],
            "garbled after {received} bytes"
        );
        received += read;
        turn += 1;
    }
    sending.await.expect("the sender");
}

/// The end is an end by either door, and as often as it is asked for.
pub async fn the_end_is_found(fixture: &Fixture) {
    let Some((near, mut far)) = fixture.streams().await else {
        return;
    };
    write_all(&*near.writer, b"last words").await;
    stream::shut_down(&*near.writer).await;
    expect(&mut *far.reader, b"last words").await;
    let mut buffer = [0; 16];
    assert_eq!(far.reader.read(&mut buffer).await.expect("the end"), 0);
    for _ in 0..2 {
        let found = look(&mut *far.reader, 16);
        assert_eq!(found, fixture.looks.then_some(0));
    }
    assert_eq!(far.reader.read(&mut buffer).await.expect("the end"), 0);
}

/// Both ends of a connection, if its readers look.
async fn looking(fixture: &Fixture) -> Option<(Stream, Stream)> {
    match fixture.looks {
        true => fixture.streams().await,
        false => None,
    }
}

/// Looks once; how much there was.
fn look(reader: &mut dyn Reader, most: usize) -> Option<usize> {
    match reader.try_read(&mut vec![0; most]) {
        Ok(read) => Some(read),
        Err(error) => {
            assert_eq!(error.kind(), io::ErrorKind::WouldBlock, "{error}");
            None
        }
    }
}

/// Looks until so many bytes have come: these.
fn find(reader: &mut dyn Reader, bytes: &[u8]) {
    let mut found = vec![0; bytes.len()];
    let mut count = 0;
    for _ in 0..PATIENCE {
        match reader.try_read(&mut found[count..]) {
            Ok(read) => count += read,
            Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock, "{error}"),
        }
        if count == bytes.len() {
            return assert_eq!(found, bytes);
        }
        std::thread::yield_now();
    }
    panic!("only {count} of {} bytes are found", bytes.len());
}

/// Waits for these bytes.
async fn expect(reader: &mut dyn Reader, bytes: &[u8]) {
    let mut read = vec![0; bytes.len()];
    reader.read_exact(&mut read).await.expect("these bytes");
    assert_eq!(read, bytes);
}

/// Polls once for a byte.
async fn is_readable(reader: &mut dyn Reader) -> bool {
    let mut byte = [0];
    let mut buffer = ReadBuf::new(&mut byte);
    let polled = poll_fn(|cx| {
        let read = Pin::new(&mut *reader).poll_read(cx, &mut buffer);
        Poll::Ready(read.is_ready())
    });
    polled.await
}
