//! Colours.

/// What a text is to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As everything else.
    Plain,
    /// What matters.
    Strong,
    /// What is there to be looked up.
    Faint,
    /// What went well.
    Good,
    /// What did not.
    Bad,
    /// What is going on.
    Live,
}

impl Tone {
    /// The parameters of "Select Graphic Rendition" (ECMA-48, 8.3.117).
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Strong => Some("1"),
            Self::Faint => Some("2"),
            Self::Good => Some("32"),
            Self::Bad => Some("1;31"),
            Self::Live => Some("36"),
        }
    }
}

/// Puts colours on texts, or not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Painter {
    colored: bool,
}

impl Painter {
    pub(crate) fn new(colored: bool) -> Self {
        Self { colored }
    }

    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        match tone.code() {
            Some(code) if self.colored && !text.is_empty() => format!("\x1b[{code}m{text}\x1b[0m"),
            _ => text.into(),
        }
    }
}

/// The beginning of a line that fits into `width` characters, colours not counted.
pub(crate) fn clip(line: &str, width: usize) -> String {
    let (mut clipped, mut left, mut in_escape) = (String::new(), width, false);
    for char in line.chars() {
        in_escape |= char == '\x1b';
        if in_escape {
            in_escape = char != 'm';
        } else if left == 0 {
            continue;
        } else {
            left -= 1;
        }
        clipped.push(char);
    }
    clipped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_do_not_count() {
        let line = Painter::new(true).paint(Tone::Good, "four") + "teen";
        assert_eq!(clip(&line, 6), "\x1b[32mfour\x1b[0mte");
        assert_eq!(clip(&line, 2), "\x1b[32mfo\x1b[0m");
        assert_eq!(clip("four", 9), "four");
        assert_eq!(Painter::new(false).paint(Tone::Bad, "x"), "x");
    }
}
