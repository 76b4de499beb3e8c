//! Dots with intervals: shares of several groups beside a standard.

use super::{Canvas, DARK, GREY, INK, Picture, WIDTH, cut};

/// One group: its share in percent, the limits of its interval, and the words at its end. None where it is not shown.
pub(crate) struct Dot {
    pub(crate) label: String,
    pub(crate) value: Option<f64>,
    pub(crate) limits: Option<[f64; 2]>,
    pub(crate) words: String,
}

/// Dots on a line from 0 to 100 percent.
pub(crate) struct Dots<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) groups: Vec<Dot>,
}

const LEFT: f64 = 12.0;
const RIGHT: f64 = 20.0;
const ROW: f64 = 46.0;

impl Dots<'_> {
    /// The picture; none where no dot is shown.
    pub(crate) fn picture(&self) -> Option<Picture> {
        self.groups.iter().find(|dot| dot.value.is_some())?;
        let x = |percent: f64| LEFT + percent / 100.0 * (WIDTH - LEFT - RIGHT);
        let mut canvas = Canvas::new();
        let bottom = 8.0 + ROW * self.groups.len() as f64;
        for tick in [0.0, 25.0, 50.0, 75.0, 100.0] {
            canvas.line([x(tick), 4.0, x(tick), bottom], &format!("stroke=\"{GREY}\" stroke-width=\"0.6\""));
            canvas.tick([x(tick), bottom + 16.0], "middle", &format!("{tick} %"));
        }
        for (at, dot) in self.groups.iter().enumerate() {
            let top = 8.0 + ROW * at as f64;
            let words = format!("{}: {}", cut(&dot.label, 44), dot.words);
            canvas.rect([x(0.0) + 1.0, top, 7.3 * words.chars().count() as f64, 18.0], "fill=\"#ffffff\"");
            canvas.text([x(0.0) + 2.0, top + 13.0], &format!("font-size=\"14\" fill=\"{INK}\""), &words);
            let y = top + 30.0;
            if let Some([lower, upper]) = dot.limits {
                let style = format!("stroke=\"{DARK}\" stroke-width=\"3\"");
                canvas.line([x(lower), y, x(upper), y], &style);
                for end in [lower, upper] {
                    canvas.line([x(end), y - 6.0, x(end), y + 6.0], &style);
                }
            }
            if let Some(value) = dot.value {
                canvas.circle([x(value), y], 6.0, &format!("fill=\"{DARK}\" stroke=\"#ffffff\" stroke-width=\"1.5\""));
            }
        }
        let said = |dot: &Dot| format!("{}: {}.", dot.label, dot.words);
        let description = self.groups.iter().map(said).collect::<Vec<_>>().join(" ");
        Some(canvas.finish(bottom + 24.0, (self.id, self.title, &description)))
    }
}
