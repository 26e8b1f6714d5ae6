//! What the ends of a pattern say to each other.

use ferromq::Message;

use super::meter::Meter;
use super::payload;
use crate::ends::end::{End, Hearing};
use crate::ends::pattern::{Back, Pattern, Role};
use crate::failure::Failure;

/// One end's part: `count` messages, each way that the pattern has.
pub(crate) async fn run(
    end: &End,
    count: u64,
    meter: &Meter,
    hearing: Hearing,
) -> Result<(), Failure> {
    end.meet(hearing).await?;
    match (end.pattern.back(), end.role) {
        (Back::Lockstep, Role::Source) => ask(end, count, meter).await,
        (Back::Lockstep | Back::Answers, Role::Sink) => answer(end, count, meter).await,
        (Back::Answers, Role::Source) | (Back::Messages, _) => {
            tokio::try_join!(say(end, count, meter), hear(end, count, meter)).map(drop)
        }
        (Back::Nothing, Role::Source) => say(end, count, meter).await,
        (Back::Nothing, Role::Sink) => hear(end, count, meter).await,
    }?;
    end.close().await;
    Ok(())
}

async fn ask(end: &End, count: u64, meter: &Meter) -> Result<(), Failure> {
    let mut expected = 0;
    while expected < count {
        end.send(payload::message(expected)).await?;
        meter.sent();
        check(&end.recv().await?, &mut expected, meter);
    }
    Ok(())
}

async fn answer(end: &End, count: u64, meter: &Meter) -> Result<(), Failure> {
    let mut expected = 0;
    while expected < count {
        let message = end.recv().await?;
        check(&message, &mut expected, meter);
        end.send(message).await?;
        meter.sent();
    }
    Ok(())
}

async fn say(end: &End, count: u64, meter: &Meter) -> Result<(), Failure> {
    for number in 0..count {
        let message = match end.pattern {
            Pattern::Stream => Message::from(payload::bytes(number)),
            _ => payload::message(number),
        };
        end.send(message).await?;
        meter.sent();
    }
    Ok(())
}

async fn hear(end: &End, count: u64, meter: &Meter) -> Result<(), Failure> {
    if end.pattern == Pattern::Stream {
        return hear_bytes(end, count, meter).await;
    }
    let mut expected = 0;
    while expected < count {
        check(&end.recv().await?, &mut expected, meter);
    }
    Ok(())
}

/// Bytes come in pieces of any size.
async fn hear_bytes(end: &End, count: u64, meter: &Meter) -> Result<(), Failure> {
    let mut number = 0;
    let mut waiting = Vec::new();
    while number < count {
        waiting.extend_from_slice(end.recv().await?.body());
        let mut rest = waiting.as_slice();
        while number < count {
            let expected = payload::bytes(number);
            let Some((found, behind)) = rest.split_at_checked(expected.len()) else {
                break;
            };
            match found == expected {
                true => meter.received(found.len()),
                false => meter.wrong(),
            }
            rest = behind;
            number += 1;
        }
        waiting = rest.to_vec();
    }
    Ok(())
}

/// Counts a message as what it is, and says which one is expected next: those
/// between have been lost.
fn check(message: &Message, expected: &mut u64, meter: &Meter) {
    let number = payload::number(message);
    let in_order = number.is_some_and(|number| number >= *expected);
    match number.filter(|_| in_order) {
        Some(number) if *message == payload::message(number) => {
            meter.received(message.size());
            *expected = number + 1;
        }
        _ => {
            meter.wrong();
            *expected += 1;
        }
    }
}
