//! Pictures as SVG: bars, lines, dots with intervals, flows. Each has a title and a description for who cannot see it, labels at
//! what they name, and tells its series apart by shape as well as by colour.

mod bars;
mod dots;
mod fan;
mod flow;
mod lines;
mod scale;
mod tornado;

pub(super) use bars::{Bars, Pair};
pub(super) use dots::{Dot, Dots};
pub(super) use fan::{Blade, Fan};
pub(super) use flow::{Branch, Flow};
pub(super) use lines::{Line, Point};
pub(super) use tornado::{Bar, Tornado};

use std::fmt::Write as _;

use serde::Serialize;

/// Width of every picture in its own units. Narrow, so that its letters can be read on a telephone.
const WIDTH: f64 = 480.0;
/// Dark blue and teal of the Government Analysis Function's palette, and the grey of lines behind.
const DARK: &str = "#12436D";
const TEAL: &str = "#28A197";
const GREY: &str = "#8a9299";
const INK: &str = "#212b32";

/// A finished picture.
#[derive(Debug, Serialize)]
pub(super) struct Picture {
    /// The mark-up.
    pub(super) svg: String,
}

/// A picture being drawn.
struct Canvas {
    body: String,
}

impl Canvas {
    fn new() -> Self {
        Self { body: String::new() }
    }

    fn rect(&mut self, [x, y, width, height]: [f64; 4], style: &str) {
        let _ = write!(
            self.body,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" {style}/>",
            width.max(0.0),
            height.max(0.0)
        );
    }

    fn line(&mut self, [x1, y1, x2, y2]: [f64; 4], style: &str) {
        let _ = write!(self.body, "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" {style}/>");
    }

    fn circle(&mut self, [x, y]: [f64; 2], radius: f64, style: &str) {
        let _ = write!(self.body, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" {style}/>");
    }

    fn path(&mut self, steps: &str, style: &str) {
        let _ = write!(self.body, "<path d=\"{steps}\" {style}/>");
    }

    /// Words; `style` says their size, weight and which of their ends is at `x`.
    fn text(&mut self, [x, y]: [f64; 2], style: &str, words: &str) {
        let _ = write!(self.body, "<text x=\"{x:.1}\" y=\"{y:.1}\" {style}>{}</text>", escaped(words));
    }

    /// The number at a tick of an axis: it is no figure of the tables.
    fn tick(&mut self, at: [f64; 2], anchor: &str, words: &str) {
        let style = format!("class=\"tick\" font-size=\"12\" text-anchor=\"{anchor}\" fill=\"{INK}\"");
        self.text(at, &style, words);
    }

    /// The picture with its id on the page, its title and its description.
    fn finish(self, height: f64, (id, title, description): (&str, &str, &str)) -> Picture {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc><rect width=\"{WIDTH}\" height=\"{height:.0}\" fill=\"#ffffff\"/>{}</svg>",
            escaped(title),
            escaped(description),
            self.body
        );
        Picture { svg }
    }
}

/// Words as they may stand in mark-up.
fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Words cut to what fits in so many letters, at a space where there is one.
fn cut(words: &str, most: usize) -> String {
    if words.chars().count() <= most {
        return words.to_owned();
    }
    let short: String = words.chars().take(most.saturating_sub(1)).collect();
    let end = short.rfind(' ').filter(|at| *at > most / 2).unwrap_or(short.len());
    format!("{}…", &short[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_become_mark_up() {
        let mut canvas = Canvas::new();
        canvas.text([0.0, 0.0], "", "<script>&\"");
        let picture = canvas.finish(10.0, ("f1", "a < b", "c"));
        assert!(picture.svg.contains("&lt;script&gt;&amp;&quot;") && picture.svg.contains("a &lt; b"));
    }

    #[test]
    fn long_words_are_cut_at_a_space() {
        assert_eq!(cut("Prevention Pathway", 40), "Prevention Pathway");
        assert_eq!(cut("Prevention Pathway of the town", 20), "Prevention Pathway…");
        assert_eq!(cut("Donaudampfschifffahrt", 10), "Donaudamp…");
    }
}
