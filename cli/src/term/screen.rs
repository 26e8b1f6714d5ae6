//! A few lines at the bottom of the terminal that are drawn again and again.

use std::fmt::Write;

use super::paint::clip;
use super::{print, size};
use crate::failure::Failure;

const HIDE_CURSOR: &str = "\x1b[?25l";
const SHOW_CURSOR: &str = "\x1b[?25h";
/// So that a terminal that knows it shows a drawing whole or not at all
/// ([synchronized output](https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036)).
const BEGIN: &str = "\x1b[?2026h";
const END: &str = "\x1b[?2026l";
const CLEAR_LINE: &str = "\x1b[K";
const CLEAR_BELOW: &str = "\x1b[J";

/// The lines that are drawn again. They stay when this is dropped.
pub(crate) struct Screen {
    /// How many lines the last drawing had.
    lines: usize,
}

impl Screen {
    pub(crate) fn new() -> Result<Self, Failure> {
        print(HIDE_CURSOR)?;
        Ok(Self { lines: 0 })
    }

    /// Draws `fixed` lines that stay, and below them those that will be drawn over.
    pub(crate) fn draw(&mut self, fixed: &[String], lines: &[String]) -> Result<(), Failure> {
        let (width, height) = size();
        // What has scrolled off cannot be drawn over.
        let lines = lines.get(..height.saturating_sub(1)).unwrap_or(lines);
        let mut text = String::from(BEGIN);
        if self.lines > 0 {
            // Writing to a String cannot fail.
            let _ = write!(text, "\x1b[{}A", self.lines);
        }
        for line in fixed.iter().chain(lines) {
            let _ = writeln!(text, "{}{CLEAR_LINE}", clip(line, width));
        }
        text.push_str(CLEAR_BELOW);
        text.push_str(END);
        self.lines = lines.len();
        print(&text)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Nothing can be done about a terminal that is gone.
        let _ = print(SHOW_CURSOR);
    }
}
