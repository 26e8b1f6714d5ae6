//! Tables: columns as wide as what stands in them.

use super::paint::{Painter, Tone};

/// On which side of its column a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// A text in a table.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    tone: Tone,
}

/// A column: its title, its side, and how wide it is at least.
pub(crate) type Column = (&'static str, Side, usize);

/// Rows of texts under a heading.
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Cell {
    pub(crate) fn new(tone: Tone, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { text, tone }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(Tone::Plain, text)
    }
}

impl Table {
    /// A table with such columns.
    pub(crate) fn new(columns: &[Column]) -> Self {
        let titles = columns.iter().map(|(title, ..)| *title);
        let heading = titles.map(|title| Cell::new(Tone::Faint, title));
        Self {
            rows: vec![heading.collect()],
            columns: columns.to_vec(),
        }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table's lines.
    pub(crate) fn lines(&self, painter: Painter) -> Vec<String> {
        let widths = self.widths();
        let line = |row: &Vec<Cell>| {
            let cells = row.iter().zip(&widths).zip(&self.columns);
            let cells = cells.map(|((cell, width), (_, side, _))| {
                let text = match side {
                    Side::Left => format!("{:width$}", cell.text),
                    Side::Right => format!("{:>width$}", cell.text),
                };
                painter.paint(cell.tone, &text)
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        self.rows.iter().map(line).collect()
    }

    fn widths(&self) -> Vec<usize> {
        let width = |(column, (_, _, least)): (usize, &Column)| {
            let texts = self.rows.iter().filter_map(|row| row.get(column));
            texts
                .map(|cell| cell.text.chars().count())
                .max()
                .unwrap_or(0)
                .max(*least)
        };
        self.columns.iter().enumerate().map(width).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&[("name", Side::Left, 0), ("n", Side::Right, 5)]);
        table.row(["µ".into(), "1,000".into()]);
        table.row(["longer".into(), "2".into()]);
        assert_eq!(
            table.lines(Painter::new(false)),
            ["name        n", "µ       1,000", "longer      2"]
        );
    }
}
