//! The demonstration as people see it: a board that is drawn again and again, or a
//! line for each link where there is no terminal for that.

use super::board::Board;
use super::summary::summary;
use crate::failure::Failure;
use crate::term::number::{count, short, time};
use crate::term::paint::Painter;
use crate::term::screen::Screen;
use crate::term::{is_colored, is_terminal, print, size};

/// How the demonstration is shown.
pub(crate) struct View {
    /// Absent where there is no terminal.
    screen: Option<Screen>,
    painter: Painter,
}

impl View {
    pub(crate) fn new(board: &Board) -> Result<Self, Failure> {
        let painter = Painter::new(is_colored());
        let height = board.lines(painter).len() + 3;
        let is_live = is_terminal() && size().1 >= height;
        let screen = is_live.then(Screen::new).transpose()?;
        Ok(Self { screen, painter })
    }

    /// Shows how far the links are.
    pub(crate) fn progress(&mut self, board: &Board) -> Result<(), Failure> {
        match &mut self.screen {
            Some(screen) => {
                let mut lines = board.lines(self.painter);
                lines.extend(board.status(self.painter));
                screen.draw(&[], &lines)
            }
            None => Ok(()),
        }
    }

    /// Shows what became of a link.
    pub(crate) fn done(&mut self, board: &Board, index: usize) -> Result<(), Failure> {
        if self.screen.is_some() {
            return self.progress(board);
        }
        let Some((link, outcome)) = board.outcome(index) else {
            return Ok(());
        };
        let reading = outcome.reading;
        let mut line = format!(
            "{:13}  {:19}  sent {:>7}  received {:>7}  lost {}  {:>7}  {:>6}/s\n",
            link.pattern.title(),
            link.route(),
            count(reading.sent),
            count(reading.received),
            count(reading.lost()),
            time(outcome.time),
            short(outcome.rate()),
        );
        if let Some(error) = &outcome.error {
            line.push_str(&format!("    failed: {error}\n"));
        }
        print(&line)
    }

    /// Shows what became of all of it.
    pub(crate) fn end(mut self, board: &Board) -> Result<(), Failure> {
        if let Some(screen) = &mut self.screen {
            screen.draw(&board.lines(self.painter), &[])?;
        } else {
            print("\n")?;
        }
        print(&summary(board, self.painter))
    }
}
