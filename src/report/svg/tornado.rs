//! A tornado: what each input alone does to one number, the widest first, around the number as estimated.

use super::scale::{pounds, ticks_between};
use super::{Canvas, DARK, GREY, INK, Picture, TEAL, WIDTH, cut};

/// One input: the number at the lower and at the upper end of its interval, and the words for it.
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) ends: [f64; 2],
    pub(crate) words: String,
}

/// All inputs.
pub(crate) struct Tornado<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) central: f64,
    pub(crate) bars: Vec<Bar>,
}

/// What fits in a line.
const MOST_LETTERS: usize = 74;
const SIDE: f64 = 34.0;
const TOP: f64 = 24.0;
const ROW: f64 = 60.0;
const HEIGHT: f64 = 16.0;

impl Tornado<'_> {
    /// The picture; none without inputs.
    pub(crate) fn picture(&self) -> Option<Picture> {
        self.bars.first()?;
        let ends = || self.bars.iter().flat_map(|bar| bar.ends).chain([0.0, self.central]);
        let ticks = ticks_between(ends().fold(f64::MAX, f64::min), ends().fold(f64::MIN, f64::max));
        let (low, high) = (*ticks.first()?, *ticks.last()?);
        let x = |value: f64| SIDE + (value - low) / (high - low).max(1.0) * (WIDTH - 2.0 * SIDE);
        let mut canvas = Canvas::new();
        let bottom = TOP + ROW * self.bars.len() as f64;
        for tick in &ticks {
            canvas.line([x(*tick), TOP, x(*tick), bottom], &format!("stroke=\"{GREY}\" stroke-width=\"0.5\""));
            canvas.tick([x(*tick), bottom + 16.0], "middle", &pounds(*tick));
        }
        canvas.line([x(0.0), TOP - 6.0, x(0.0), bottom], &format!("stroke=\"{INK}\" stroke-width=\"2\""));
        let central = x(self.central);
        canvas.line([central, TOP - 6.0, central, bottom], &format!("stroke=\"{INK}\" stroke-dasharray=\"4 3\""));
        // Both names fit above unless the lines are close to each other: then that of the estimate is enough.
        let anchor = |at: f64| {
            if at < 80.0 {
                "start"
            } else if at > WIDTH - 80.0 {
                "end"
            } else {
                "middle"
            }
        };
        canvas.tick([central, TOP - 10.0], anchor(central), "as estimated");
        if (central - x(0.0)).abs() > 110.0 {
            canvas.tick([x(0.0), TOP - 10.0], anchor(x(0.0)), "even");
        }
        for (at, bar) in self.bars.iter().enumerate() {
            self.bar(&mut canvas, TOP + 4.0 + ROW * at as f64, bar, &x);
        }
        let said = |bar: &Bar| format!("{}: {}.", bar.label, bar.words);
        let description = self.bars.iter().map(said).collect::<Vec<_>>().join(" ");
        Some(canvas.finish(bottom + 24.0, (self.id, self.title, &description)))
    }

    /// An input: its name, what its ends are and come to, and the two bars.
    fn bar(&self, canvas: &mut Canvas, top: f64, bar: &Bar, x: &dyn Fn(f64) -> f64) {
        for (line, (words, wide, style)) in
            [(&bar.label, 7.2, "font-size=\"13\" font-weight=\"600\""), (&bar.words, 6.0, "font-size=\"12\"")]
                .into_iter()
                .enumerate()
        {
            let words = cut(words, MOST_LETTERS);
            let down = top + 15.0 * line as f64;
            canvas.rect([3.0, down, wide * words.chars().count() as f64, 15.0], "fill=\"#ffffff\"");
            canvas.text([4.0, down + 12.0], &format!("{style} fill=\"{INK}\""), &words);
        }
        let styles = [format!("fill=\"{DARK}\""), format!("fill=\"#ffffff\" stroke=\"{TEAL}\" stroke-width=\"2.5\"")];
        for (end, style) in bar.ends.iter().zip(styles) {
            let (from, to) = (x(self.central).min(x(*end)), x(self.central).max(x(*end)));
            canvas.rect([from, top + 33.0, to - from, HEIGHT], &style);
        }
    }
}
