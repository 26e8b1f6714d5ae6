//! Durations as people write them: `500ms`, `1.5s`, `2m`, `10`.

use std::fmt;
use std::time::Duration;

/// The units, with their length in seconds.
const UNITS: [(&str, f64); 5] = [
    ("us", 1e-6),
    ("ms", 1e-3),
    ("s", 1.0),
    ("m", 60.0),
    ("h", 3600.0),
];

/// A number and its unit; seconds if there is none.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || String::from("a duration is a number and us, ms, s, m or h, as in 500ms or 2s");
    let unit = text
        .find(|char: char| char.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(unit);
    let seconds = match unit {
        "" => 1.0,
        unit => {
            let found = UNITS.iter().find(|(name, _)| *name == unit);
            found.ok_or_else(wrong)?.1
        }
    };
    let number: f64 = number.trim().parse().map_err(|_| wrong())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|_| wrong())
}

/// A duration in the largest unit that leaves no fraction of it below one.
pub(crate) struct Show(pub(crate) Duration);

impl fmt::Display for Show {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs_f64();
        let (number, unit) = match seconds {
            _ if seconds >= 1.0 => (seconds, "s"),
            _ if seconds >= 1e-3 => (seconds * 1e3, "ms"),
            _ => (seconds * 1e6, "µs"),
        };
        let rounded = (number * 100.0).round() / 100.0;
        write!(f, "{rounded} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, milliseconds) in [
            ("500ms", 500),
            ("1.5s", 1500),
            ("2", 2000),
            ("1 m", 60_000),
            ("0", 0),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(milliseconds)));
        }
        for text in ["", "ms", "-1s", "5 days", "1e400", "nan", "3ss"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_are_shown() {
        for (microseconds, text) in [
            (500, "500 µs"),
            (2_500, "2.5 ms"),
            (3_000_000, "3 s"),
            (90_000_000, "90 s"),
        ] {
            assert_eq!(Show(Duration::from_micros(microseconds)).to_string(), text);
        }
    }
}
