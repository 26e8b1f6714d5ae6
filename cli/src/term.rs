//! What is shown on a terminal, and in its place where there is none.

pub(crate) mod bar;
pub(crate) mod number;
pub(crate) mod paint;
pub(crate) mod screen;
pub(crate) mod table;

use std::io::{self, IsTerminal, Write};

use crate::failure::{Failure, of_stdout};

/// Whether the standard output is a terminal that can be drawn on.
pub(crate) fn is_terminal() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|kind| kind == "dumb");
    io::stdout().is_terminal() && !dumb && enable()
}

/// Whether what is written there may have colours.
pub(crate) fn is_colored() -> bool {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    is_terminal() && !unwanted
}

/// Consoles of Windows have to be told that escape sequences will come.
fn enable() -> bool {
    #[cfg(windows)]
    return anstyle_query::windows::enable_ansi_colors().unwrap_or(false);
    #[cfg(not(windows))]
    true
}

/// The terminal's width and height, in characters.
pub(crate) fn size() -> (usize, usize) {
    let size = terminal_size::terminal_size_of(io::stdout());
    size.map_or((80, 24), |(width, height)| {
        (width.0.into(), height.0.into())
    })
}

/// Writes some lines to the standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes());
    written.and_then(|()| stdout.flush()).map_err(of_stdout)
}
