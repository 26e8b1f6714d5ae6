//! Numbers as people read them.

use std::time::Duration;

/// A count, with a comma in front of every three digits.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Three digits and a unit: `4.52 M`, `61.3 k`, `900`.
pub(crate) fn short(number: f64) -> String {
    let (number, unit) = match number {
        _ if number >= 999.5e6 => (number / 1e9, " G"),
        _ if number >= 999.5e3 => (number / 1e6, " M"),
        _ if number >= 999.5 => (number / 1e3, " k"),
        _ => (number, ""),
    };
    let text = digits(number);
    let text = if unit.is_empty() {
        text.trim_end_matches(".00")
    } else {
        &text
    };
    format!("{text}{unit}")
}

/// A size in bytes: `16 B`, `4 KiB`, `1.5 MiB`.
pub(crate) fn bytes(number: u64) -> String {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let unit = units.into_iter().find(|(_, shift)| number >> shift > 0);
    match unit {
        None => format!("{number} B"),
        Some((unit, shift)) => {
            let number = number as f64 / (1_u64 << shift) as f64;
            let number = if number.fract() == 0.0 {
                number.to_string()
            } else {
                digits(number)
            };
            format!("{number} {unit}")
        }
    }
}

/// A time: `850 ns`, `12.4 µs`, `3.25 ms`, `1.20 s`.
pub(crate) fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        _ if seconds >= 0.9995 => format!("{} s", digits(seconds)),
        _ if seconds >= 0.9995e-3 => format!("{} ms", digits(seconds * 1e3)),
        _ if seconds >= 0.9995e-6 => format!("{} µs", digits(seconds * 1e6)),
        _ => format!("{:.0} ns", seconds * 1e9),
    }
}

/// Three digits, as far as they stand before or behind the point.
fn digits(number: f64) -> String {
    match number {
        _ if number >= 99.95 => format!("{number:.0}"),
        _ if number >= 9.995 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(count(number), text);
        }
        for (number, text) in [
            (0.0, "0"),
            (900.0, "900"),
            (999.9, "1.00 k"),
            (61_340.0, "61.3 k"),
            (4_521_000.0, "4.52 M"),
        ] {
            assert_eq!(short(number), text);
        }
        for (number, text) in [(16, "16 B"), (4096, "4 KiB"), (1_572_864, "1.50 MiB")] {
            assert_eq!(bytes(number), text);
        }
        for (nanoseconds, text) in [
            (850, "850 ns"),
            (12_400, "12.4 µs"),
            (1_200_000_000, "1.20 s"),
        ] {
            assert_eq!(time(Duration::from_nanos(nanoseconds)), text);
        }
    }
}
