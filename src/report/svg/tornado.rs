//! A tornado: what each input alone does to one number, the widest first, around the number as estimated.

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

const SIDE: f64 = 16.0;
const ROW: f64 = 44.0;
const HEIGHT: f64 = 16.0;

impl Tornado<'_> {
    /// The picture; none without inputs.
    pub(crate) fn picture(&self) -> Option<Picture> {
        self.bars.first()?;
        let ends = || self.bars.iter().flat_map(|bar| bar.ends).chain([0.0, self.central]);
        let (low, high) = (ends().fold(f64::MAX, f64::min), ends().fold(f64::MIN, f64::max));
        let x = |value: f64| SIDE + (value - low) / (high - low).max(1.0) * (WIDTH - 2.0 * SIDE);
        let mut canvas = Canvas::new();
        let bottom = 8.0 + ROW * self.bars.len() as f64;
        canvas.line([x(0.0), 4.0, x(0.0), bottom], &format!("stroke=\"{INK}\" stroke-width=\"1.2\""));
        canvas.line(
            [x(self.central), 4.0, x(self.central), bottom],
            &format!("stroke=\"{GREY}\" stroke-dasharray=\"4 3\""),
        );
        for (at, bar) in self.bars.iter().enumerate() {
            let top = 8.0 + ROW * at as f64;
            let words = cut(&format!("{}: {}", bar.label, bar.words), 62);
            canvas.rect([3.0, top, 7.0 * words.chars().count() as f64, 17.0], "fill=\"#ffffff\"");
            canvas.text([4.0, top + 13.0], &format!("font-size=\"13\" fill=\"{INK}\""), &words);
            for (end, style) in bar
                .ends
                .iter()
                .zip([format!("fill=\"{DARK}\""), format!("fill=\"#ffffff\" stroke=\"{TEAL}\" stroke-width=\"2.5\"")])
            {
                let (from, to) = (x(self.central).min(x(*end)), x(self.central).max(x(*end)));
                canvas.rect([from, top + 20.0, to - from, HEIGHT], &style);
            }
        }
        canvas.tick([x(0.0), bottom + 16.0], "middle", "0");
        let said = |bar: &Bar| format!("{}: {}.", bar.label, bar.words);
        let description = self.bars.iter().map(said).collect::<Vec<_>>().join(" ");
        Some(canvas.finish(bottom + 24.0, (self.id, self.title, &description)))
    }
}
