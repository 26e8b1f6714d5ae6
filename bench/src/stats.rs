//! Medians, and numbers as people read them.

/// The middle, and where the quarters begin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Quartiles {
    pub(crate) low: f64,
    pub(crate) median: f64,
    pub(crate) high: f64,
}

/// None of nothing.
pub(crate) fn quartiles(values: impl IntoIterator<Item = f64>) -> Option<Quartiles> {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    // Between two values, in proportion.
    let at = |share: f64| {
        let place = share * last as f64;
        let (below, above) = (
            sorted[place.floor() as usize],
            sorted[place.ceil() as usize],
        );
        below + (above - below) * place.fract()
    };
    Some(Quartiles {
        low: at(0.25),
        median: at(0.5),
        high: at(0.75),
    })
}

/// Three digits, and a letter for thousands or millions.
pub(crate) fn short(value: f64) -> String {
    match value {
        value if value >= 99_950_000.0 => format!("{:.0} M", value / 1e6),
        value if value >= 9_995_000.0 => format!("{:.1} M", value / 1e6),
        value if value >= 999_500.0 => format!("{:.2} M", value / 1e6),
        value if value >= 99_950.0 => format!("{:.0} k", value / 1e3),
        value if value >= 9_995.0 => format!("{:.1} k", value / 1e3),
        value if value >= 999.5 => format!("{:.2} k", value / 1e3),
        value if value >= 99.95 => format!("{value:.0}"),
        value if value >= 9.995 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_of_few_and_of_none() {
        assert_eq!(quartiles([]), None);
        let one = quartiles([2.0]).map(|of| (of.low, of.median, of.high));
        assert_eq!(one, Some((2.0, 2.0, 2.0)));
        let five = quartiles([5.0, 1.0, 4.0, 2.0, 3.0]).map(|of| (of.low, of.median, of.high));
        assert_eq!(five, Some((2.0, 3.0, 4.0)));
    }

    #[test]
    fn three_digits() {
        let shown = [
            0.5,
            12.34,
            999.7,
            1_234.0,
            123_456.0,
            999_999.0,
            12_345_678.0,
        ]
        .map(short);
        assert_eq!(
            shown,
            [
                "0.50", "12.3", "1.00 k", "1.23 k", "123 k", "1.00 M", "12.3 M"
            ]
        );
    }
}
