//! A fan: a number over time with the bands in which it lies half and nine tenths of the time; below zero too.

use super::scale::{pounds, ticks_between};
use super::{Canvas, DARK, GREY, INK, Picture, TEAL, WIDTH};

/// One period: the middle, the ends of the inner and of the outer band, and the words for it.
pub(crate) struct Blade {
    pub(crate) period: String,
    pub(crate) middle: f64,
    pub(crate) inner: [f64; 2],
    pub(crate) outer: [f64; 2],
    pub(crate) words: String,
}

/// All periods.
pub(crate) struct Fan<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) blades: Vec<Blade>,
}

const LEFT: f64 = 78.0;
const RIGHT: f64 = 30.0;
const TOP: f64 = 20.0;
const HEIGHT: f64 = 200.0;

impl Fan<'_> {
    /// The picture; none of fewer than two periods.
    pub(crate) fn picture(&self) -> Option<Picture> {
        if self.blades.len() < 2 {
            return None;
        }
        let ends = || self.blades.iter().flat_map(|blade| blade.outer).chain([0.0]);
        let ticks = ticks_between(ends().fold(f64::MAX, f64::min), ends().fold(f64::MIN, f64::max));
        let (low, high) = (*ticks.first()?, *ticks.last()?);
        let step = (WIDTH - LEFT - RIGHT) / (self.blades.len() - 1) as f64;
        let place =
            |at: usize, value: f64| [LEFT + step * at as f64, TOP + HEIGHT * (high - value) / (high - low).max(1.0)];
        let mut canvas = Canvas::new();
        for tick in &ticks {
            let [_, y] = place(0, *tick);
            canvas.line([LEFT, y, WIDTH - RIGHT, y], &format!("stroke=\"{GREY}\" stroke-width=\"0.5\""));
            canvas.tick([LEFT - 8.0, y + 4.0], "end", &pounds(*tick));
        }
        for (band, opacity) in [(0, "0.18"), (1, "0.35")] {
            let ends = |blade: &Blade| if band == 0 { blade.outer } else { blade.inner };
            let upper = self.blades.iter().enumerate().map(|(at, blade)| place(at, ends(blade)[1]));
            let lower = self.blades.iter().enumerate().rev().map(|(at, blade)| place(at, ends(blade)[0]));
            let steps: Vec<String> = upper.chain(lower).map(|[x, y]| format!("{x:.1} {y:.1}")).collect();
            canvas.path(&format!("M{}Z", steps.join("L")), &format!("fill=\"{TEAL}\" fill-opacity=\"{opacity}\""));
        }
        let [_, zero] = place(0, 0.0);
        canvas.line([LEFT, zero, WIDTH - RIGHT, zero], &format!("stroke=\"{INK}\" stroke-width=\"2\""));
        for (at, pair) in self.blades.windows(2).enumerate() {
            let ([x1, y1], [x2, y2]) = (place(at, pair[0].middle), place(at + 1, pair[1].middle));
            canvas.line([x1, y1, x2, y2], &format!("stroke=\"{DARK}\" stroke-width=\"2.5\""));
        }
        for (at, blade) in self.blades.iter().enumerate() {
            canvas.tick([place(at, 0.0)[0], TOP + HEIGHT + 22.0], "middle", &blade.period);
        }
        let said = |blade: &Blade| format!("{}: {}.", blade.period, blade.words);
        let description = self.blades.iter().map(said).collect::<Vec<_>>().join(" ");
        Some(canvas.finish(TOP + HEIGHT + 34.0, (self.id, self.title, &description)))
    }
}
