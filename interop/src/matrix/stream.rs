//! Two STREAM sockets exchange bytes.

use crate::failure::Outcome;
use crate::lab::Lab;
use crate::raw::Raw;

use super::message::MESSAGES;
use super::{Place, Row, Tally};

/// Has two STREAM sockets meet at a place and talk.
pub(super) fn run(row: &Row, lab: &Lab, place: Place, tally: &mut Tally) -> Outcome {
    // An empty frame closes the connection, and there are no messages of several.
    let bodies = MESSAGES
        .iter()
        .map(|content| (content.name, content.frames()));
    let bodies: Vec<_> = bodies
        .filter(|(_, frames)| frames.len() == 1 && !frames[0].is_empty())
        .collect();
    tally.total = 2 * bodies.len();
    let binder = lab.either(place.binds, row.pair.first, &[])?;
    let connecter = lab.either(!place.binds, row.pair.first, &[])?;
    connecter.connect(&binder.bind(&place.transport.any())?)?;
    let ends = [Raw::meet(binder)?, Raw::meet(connecter)?];
    for (from, to) in [(&ends[0], &ends[1]), (&ends[1], &ends[0])] {
        for (name, body) in &bodies {
            from.say(body[0].clone())
                .and_then(|()| to.hear(&body[0]))
                .map_err(|failure| failure.during(name))?;
            tally.passed += 1;
        }
    }
    Ok(())
}
