//! Bars in pairs: the same group before and after.

use super::scale::{ticks, words};
use super::{Canvas, DARK, GREY, INK, Picture, TEAL, WIDTH, cut};

/// One group with its two bars; each a number and the words that stand at its end. None where it is not shown.
pub(crate) struct Pair {
    pub(crate) label: String,
    pub(crate) bars: [(Option<f64>, String); 2],
}

/// Pairs of horizontal bars from a common zero.
pub(crate) struct Bars<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    /// What the first and the second bar of a pair are.
    pub(crate) names: [&'a str; 2],
    pub(crate) pairs: Vec<Pair>,
}

/// Room at the right for the words at the end of the longest bar.
const ROOM: f64 = 150.0;
const BAR: f64 = 18.0;
const GROUP: f64 = 74.0;

impl Bars<'_> {
    /// The picture; none where no bar is shown.
    pub(crate) fn picture(&self) -> Option<Picture> {
        let values = || self.pairs.iter().flat_map(|pair| pair.bars.iter().filter_map(|(value, _)| *value));
        let most = values().fold(0.0, f64::max);
        values().next()?;
        let ticks = ticks(most);
        let scale = (WIDTH - ROOM) / ticks.last().copied().unwrap_or(1.0);
        let mut canvas = Canvas::new();
        let bottom = 10.0 + GROUP * self.pairs.len() as f64;
        for tick in &ticks {
            let x = tick * scale + 4.0;
            canvas.line([x, 4.0, x, bottom], &format!("stroke=\"{GREY}\" stroke-width=\"0.6\""));
            let anchor = if *tick == 0.0 { "start" } else { "middle" };
            canvas.tick([x - if *tick == 0.0 { 3.0 } else { 0.0 }, bottom + 16.0], anchor, &words(*tick));
        }
        for (at, pair) in self.pairs.iter().enumerate() {
            let top = 8.0 + GROUP * at as f64;
            let bold = format!("font-size=\"15\" font-weight=\"600\" fill=\"{INK}\"");
            canvas.rect([4.5, top, 7.9 * pair.label.chars().count().min(52) as f64, 20.0], "fill=\"#ffffff\"");
            canvas.text([5.0, top + 15.0], &bold, &cut(&pair.label, 52));
            for (bar, (value, label)) in pair.bars.iter().enumerate() {
                let y = top + 22.0 + (BAR + 3.0) * bar as f64;
                let width = value.unwrap_or(0.0) * scale;
                let style = if bar == 0 {
                    format!("fill=\"{DARK}\"")
                } else {
                    format!("fill=\"#ffffff\" stroke=\"{TEAL}\" stroke-width=\"3\"")
                };
                if value.is_some() {
                    let inset = if bar == 0 { 0.0 } else { 1.5 };
                    canvas.rect([4.0, y + inset, width, BAR - 2.0 * inset], &style);
                }
                let words = format!("{}: {label}", self.names[bar]);
                let behind = 7.2 * words.chars().count() as f64;
                canvas.rect([width + 9.0, y + 1.0, behind, BAR - 2.0], "fill=\"#ffffff\"");
                canvas.text([width + 11.0, y + 14.0], &format!("font-size=\"13\" fill=\"{INK}\""), &words);
            }
        }
        let said = |pair: &Pair| {
            let [(_, first), (_, second)] = &pair.bars;
            format!("{}: {} {first}, {} {second}.", pair.label, self.names[0], self.names[1])
        };
        let description = self.pairs.iter().map(said).collect::<Vec<_>>().join(" ");
        Some(canvas.finish(bottom + 24.0, (self.id, self.title, &description)))
    }
}
