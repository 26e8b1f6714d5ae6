//! Charts in SVG: lines between what was measured, over logarithmic axes, and nothing else.

use std::fmt::Write;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 160.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 50.0;

/// Apart for most eyes, on white and on black.
const COLOURS: [&str; 8] = [
    "#d1495b", "#2e86ab", "#3a7d44", "#f2a541", "#7d5ba6", "#5c6b73", "#00a6a6", "#a44a3f",
];

/// A name, and its points from left to right.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

/// Both axes are logarithmic, so that equal ratios look equal.
pub(crate) fn draw(title: &str, across: &str, lines: &[Line]) -> Option<String> {
    let points = || lines.iter().flat_map(|line| &line.points);
    let bounds = |axis: fn(&(f64, f64)) -> f64| {
        let low = points().map(axis).fold(f64::INFINITY, f64::min);
        let high = points().map(axis).fold(0.0, f64::max);
        (low > 0.0 && high >= low).then_some((low, high.max(low * 1.01)))
    };
    let (x, y) = (bounds(|point| point.0)?, bounds(|point| point.1)?);
    let place_x = |value: f64| LEFT + share(value, x) * (WIDTH - LEFT - RIGHT);
    let place_y = |value: f64| HEIGHT - BOTTOM - share(value, y) * (HEIGHT - TOP - BOTTOM);

    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"22\" font-size=\"15\">{title}</text>\n"
    );
    for value in ticks(y) {
        let (at, right) = (place_y(value), WIDTH - RIGHT);
        let label = crate::stats::short(value);
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {at:.1}H{right}\" stroke=\"#ddd\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            LEFT - 6.0,
            at + 4.0
        );
    }
    for value in powers(x) {
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{value}</text>",
            place_x(value),
            HEIGHT - BOTTOM + 18.0
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{across}</text>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 10.0
    );
    for (number, line) in lines.iter().enumerate() {
        let colour = COLOURS[number % COLOURS.len()];
        let mut path = Vec::new();
        for (x, y) in &line.points {
            let (x, y) = (place_x(*x), place_y(*y));
            path.push(format!("{x:.1} {y:.1}"));
            let _ = write!(
                svg,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\" fill=\"{colour}\"/>"
            );
        }
        let _ = writeln!(
            svg,
            "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{}</text>",
            path.join("L"),
            WIDTH - RIGHT + 14.0,
            TOP + 18.0 * (number as f64 + 0.5),
            line.name
        );
    }
    svg.push_str("</svg>\n");
    Some(svg)
}

fn share(value: f64, (low, high): (f64, f64)) -> f64 {
    (value / low).ln() / (high / low).ln()
}

/// 1, 2 and 5 of each power of ten that lie between.
fn ticks((low, high): (f64, f64)) -> Vec<f64> {
    let powers = -3..10;
    let values = powers.flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power)));
    values
        .filter(|value| (low..=high).contains(value))
        .collect()
}

/// Powers of four that lie between.
fn powers((low, high): (f64, f64)) -> Vec<f64> {
    (0..12)
        .map(|power| 4_f64.powi(power))
        .filter(|value| (low..=high).contains(value))
        .collect()
}
