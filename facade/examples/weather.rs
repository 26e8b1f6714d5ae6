//! Weather: a station publishes reports for many places, and whoever cares about
//! one place subscribes to that (PUB and SUB).

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::time::Duration;

use ferromq::prelude::*;
use tokio::time::interval;

type Error = Box<dyn std::error::Error + Send + Sync>;

const PLACES: [&str; 4] = ["Berlin", "Lisbon", "Oslo", "Quito"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let station = PubSocket::new();
    let endpoint = station.bind("tcp://127.0.0.1:*").await?;
    tokio::spawn(report(station.clone()));

    let visitor = SubSocket::new();
    visitor.connect(endpoint.as_str())?;
    // The station filters: other places' reports are not even sent here.
    visitor.subscribe("Lisbon ")?;

    let mut sum = 0;
    for _ in 0..10 {
        let report = visitor.recv().await?;
        let degrees = report.as_str()?.rsplit(' ').next().ok_or("no number")?;
        sum += degrees.parse::<i32>()?;
    }
    println!("ten reports from Lisbon, {} degrees on average", sum / 10);

    visitor.close().await;
    station.close().await;
    Ok(())
}

/// Publishes a report each millisecond, whether anybody listens or not.
async fn report(station: PubSocket) -> Result<(), SendError> {
    let mut clock = interval(Duration::from_millis(1));
    for turn in 0.. {
        clock.tick().await;
        let place = PLACES[turn % PLACES.len()];
        let degrees = 15 + turn % 7;
        station.send(format!("{place} {degrees}")).await?;
    }
    Ok(())
}
