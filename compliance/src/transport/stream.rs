//! Streams: bytes arrive as they were sent, and both ends notice what there is to
//! notice. For transports that carry messages none of this counts.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::sync::Arc;
use std::task::Poll;

use ferromq_core::{Reader, Stream, Writer};
use tokio::io::AsyncReadExt;

use super::{Fixture, within};

/// More than any buffer on the way holds.
const MUCH: usize = 64 << 20;

/// How long the pieces are that are written at once, in turn.
const PIECES: &[usize] = &[1, 13, 0, 4096, 70_001, 2, 200_000, 511];

/// The period of what is sent. It is prime, so that nothing that is lost, doubled
/// or swapped in the usual sizes goes unnoticed.
pub(super) const PERIOD: usize = 65_521;

/// Runs these checks.
pub async fn run(fixture: &Fixture) {
    within("both ways", bytes_go_both_ways(fixture)).await;
    within("much", much_goes_both_ways_at_once(fixture)).await;
    within("full", a_full_stream_blocks_and_wakes(fixture)).await;
    within("shutdown", a_shutdown_ends_one_direction(fixture)).await;
    within("dropped", what_was_written_arrives_after_a_drop(fixture)).await;
    within("gone", a_peer_that_is_gone_is_noticed(fixture)).await;
}

/// What one end writes the other reads, and each knows an address of the other.
pub async fn bytes_go_both_ways(fixture: &Fixture) {
    let Some((mut near, mut far)) = fixture.streams().await else {
        return;
    };
    exchange(&mut near, &mut far).await;
    exchange(&mut far, &mut near).await;
    assert!(!near.peer_address.is_empty() && !far.peer_address.is_empty());
}

/// Far more than the buffers hold, in many pieces of all sizes, arrives unchanged,
/// in both directions at the same time.
pub async fn much_goes_both_ways_at_once(fixture: &Fixture) {
    let Some((near, far)) = fixture.streams().await else {
        return;
    };
    let tasks = [
        tokio::spawn(send_pattern(Arc::clone(&near.writer), MUCH)),
        tokio::spawn(send_pattern(Arc::clone(&far.writer), MUCH / 4)),
        tokio::spawn(expect_pattern(near.reader, MUCH / 4)),
        tokio::spawn(expect_pattern(far.reader, MUCH)),
    ];
    for task in tasks {
        task.await.expect("a direction");
    }
}

/// A stream that takes no more says so at once, and wakes the one who waits for it
/// as soon as the peer reads, whoever else has tried to write meanwhile.
pub async fn a_full_stream_blocks_and_wakes(fixture: &Fixture) {
    let Some((near, mut far)) = fixture.streams().await else {
        return;
    };
    let block = [7; 64 << 10];
    let mut written = fill(&*near.writer, &block);
    // The system may move what it holds to the peer's side, and have room again.
    while is_write_ready(&*near.writer).await {
        written += fill(&*near.writer, &block);
    }
    let writer = Arc::clone(&near.writer);
    let waiting = tokio::spawn(async move {
        let ready = poll_fn(|cx| writer.poll_write_ready(cx)).await;
        ready.expect("a stream that takes more");
        writer
    });
    // Lets the task wait, and then tries as a caller would.
    tokio::task::yield_now().await;
    written += fill(&*near.writer, &block);
    let mut read = 0;
    let mut buffer = vec![0; 256 << 10];
    while read < written {
        read += far
            .reader
            .read(&mut buffer)
            .await
            .expect("what was written");
    }
    let writer = waiting.await.expect("the one who waits");
    write_all(&*writer, b"more").await;
    far.reader.read_exact(&mut buffer[..4]).await.expect("more");
    assert_eq!(&buffer[..4], b"more");
}

/// After a shutdown the peer reads all that was written and then the end, while the
/// other direction goes on.
pub async fn a_shutdown_ends_one_direction(fixture: &Fixture) {
    let Some((mut near, far)) = fixture.streams().await else {
        return;
    };
    let length = 1 << 20;
    let reading = tokio::spawn(expect_pattern(far.reader, length));
    send_pattern(Arc::clone(&near.writer), length).await;
    shut_down(&*near.writer).await;
    reading.await.expect("all of it, and the end");
    write_all(&*far.writer, b"still here").await;
    let mut buffer = [0; 10];
    near.reader
        .read_exact(&mut buffer)
        .await
        .expect("the other direction");
    assert_eq!(&buffer, b"still here");
    shut_down(&*far.writer).await;
    assert_eq!(near.reader.read(&mut buffer).await.expect("its end"), 0);
}

/// What was written before an end was dropped is not lost.
pub async fn what_was_written_arrives_after_a_drop(fixture: &Fixture) {
    let Some((near, mut far)) = fixture.streams().await else {
        return;
    };
    write_all(&*near.writer, b"last words").await;
    drop(near);
    let mut read = Vec::new();
    far.reader.read_to_end(&mut read).await.expect("the end");
    assert_eq!(read, b"last words");
}

/// When one end is dropped, the other's reader comes to an end and its writer to
/// an error, waiting or not.
pub async fn a_peer_that_is_gone_is_noticed(fixture: &Fixture) {
    let Some((mut near, far)) = fixture.streams().await else {
        return;
    };
    drop(far);
    let mut buffer = [0; 16];
    match near.reader.read(&mut buffer).await {
        Ok(read) => assert_eq!(read, 0),
        Err(error) => assert_eq!(error.kind(), io::ErrorKind::ConnectionReset),
    }
    let error = loop {
        if let Err(error) = poll_fn(|cx| near.writer.poll_write_ready(cx)).await {
            break error;
        }
        match near.writer.try_write_vectored(&[IoSlice::new(&[0; 4096])]) {
            Ok(_) => tokio::task::yield_now().await,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => break error,
        }
    };
    let gone = [
        io::ErrorKind::BrokenPipe,
        io::ErrorKind::ConnectionReset,
        io::ErrorKind::ConnectionAborted,
        io::ErrorKind::NotConnected,
    ];
    assert!(
        gone.contains(&error.kind()),
        "an unexpected reason: {error:?}"
    );
}

/// Carries a few bytes from one end to the other.
pub(super) async fn exchange(from: &mut Stream, to: &mut Stream) {
    write_all(&*from.writer, b"a few bytes").await;
    let mut buffer = [0; 11];
    to.reader
        .read_exact(&mut buffer)
        .await
        .expect("a few bytes");
    assert_eq!(&buffer, b"a few bytes");
}

/// Writes all of it, waiting as long as needed.
pub(super) async fn write_all(writer: &dyn Writer, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        let written = write(writer, &[IoSlice::new(bytes)]).await;
        bytes = &bytes[written..];
    }
}

/// Writes once, waiting until something is taken.
async fn write(writer: &dyn Writer, pieces: &[IoSlice<'_>]) -> usize {
    loop {
        match writer.try_write_vectored(pieces) {
            Ok(written) => return written,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let ready = poll_fn(|cx| writer.poll_write_ready(cx)).await;
                ready.expect("a stream that takes more");
            }
            Err(error) => panic!("cannot write: {error}"),
        }
    }
}

/// Writes until the stream takes no more; how much it took.
fn fill(writer: &dyn Writer, block: &[u8]) -> usize {
    let mut taken = 0;
    loop {
        match writer.try_write_vectored(&[IoSlice::new(block), IoSlice::new(block)]) {
            Ok(written) => taken += written,
            Err(error) => {
                assert_eq!(error.kind(), io::ErrorKind::WouldBlock, "{error}");
                return taken;
            }
        }
    }
}

/// Polls once.
async fn is_write_ready(writer: &dyn Writer) -> bool {
    let ready = poll_fn(|cx| Poll::Ready(writer.poll_write_ready(cx))).await;
    match ready {
        Poll::Ready(ready) => ready.map(|()| true).expect("a stream"),
        Poll::Pending => false,
    }
}

pub(super) async fn shut_down(writer: &dyn Writer) {
    let shut_down = poll_fn(|cx| writer.poll_shutdown(cx)).await;
    shut_down.expect("a stream that is shut down");
}

/// What is sent from one position on, long enough for any piece.
pub(super) fn pattern() -> Vec<u8> {
    let longest = PIECES.iter().max().copied().unwrap_or_default();
    let period = (0..PERIOD).map(|at| (at ^ (at >> 8)) as u8);
    period.cycle().take(PERIOD + longest.max(READ)).collect()
}

/// How much is read at once.
pub(super) const READ: usize = 256 << 10;

/// Writes so much of the pattern, in pieces, each write going on where the last
/// one stopped.
pub(super) async fn send_pattern(writer: Arc<dyn Writer>, length: usize) {
    let pattern = pattern();
    let mut sent = 0;
    let mut turn = 0;
    while sent < length {
        let mut at = sent;
        let pieces: Vec<_> = (turn..turn + PIECES.len())
            .map(|turn| {
                let piece = PIECES[turn % PIECES.len()].min(length - at);
                let start = at % PERIOD;
                at += piece;
                IoSlice::new(&pattern[start..start + piece])
            })
            .collect();
        sent += write(&*writer, &pieces).await;
        turn += 1;
    }
}

/// Reads so much of the pattern. Of a direction that has ended, also the end.
async fn expect_pattern(mut reader: Box<dyn Reader>, length: usize) {
    let pattern = pattern();
    let mut buffer = vec![0; READ];
    let mut received = 0;
    while received < length {
        let read = reader.read(&mut buffer).await.expect("more of the pattern");
        assert_ne!(read, 0, "it ends after {received} bytes of {length}");
        let start = received % PERIOD;
        assert!(
            buffer[..read] == pattern[start..start + read],
            "garbled after {received} bytes"
        );
        received += read;
    }
    assert_eq!(received, length, "there is more than was sent");
}
