//! Bars that fill from the left, in steps of an eighth of a character.

const EIGHTHS: [&str; 8] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// A bar of `width` characters, of which `part` out of `whole` is full.
pub(crate) fn bar(part: u64, whole: u64, width: usize) -> String {
    let share = part.min(whole) as f64 / whole.max(1) as f64;
    let eighths = (share * (width * 8) as f64) as usize;
    let mut bar = "█".repeat(eighths / 8);
    if eighths / 8 < width {
        bar.push_str(EIGHTHS[eighths % 8]);
        bar.push_str(&" ".repeat(width - eighths / 8 - 1));
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_wide_as_it_should_be() {
        for part in 0..=100 {
            assert_eq!(bar(part, 99, 7).chars().count(), 7);
        }
        assert_eq!(bar(0, 0, 2), "  ");
        assert_eq!(bar(9, 2, 2), "██");
        assert_eq!(bar(1, 4, 2), "▌ ");
    }
}
