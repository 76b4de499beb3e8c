//! A line over time, with gaps where a number is not shown, and the band in which it is steady where there is one.

use std::fmt::Write as _;

use super::scale::{ticks, words};
use super::{Canvas, DARK, GREY, INK, Picture, TEAL, WIDTH};

/// One period: its number, the band, and whether it stands out.
pub(crate) struct Point {
    pub(crate) period: String,
    pub(crate) value: Option<f64>,
    pub(crate) words: String,
    pub(crate) band: Option<[f64; 2]>,
    pub(crate) stands_out: bool,
}

/// One series.
pub(crate) struct Line<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) points: Vec<Point>,
}

const LEFT: f64 = 54.0;
const RIGHT: f64 = 30.0;
const TOP: f64 = 22.0;
const HEIGHT: f64 = 190.0;

impl Line<'_> {
    /// The picture; none where fewer than two numbers are shown.
    pub(crate) fn picture(&self) -> Option<Picture> {
        let values = || self.points.iter().filter_map(|point| point.value);
        if values().count() < 2 {
            return None;
        }
        let bands = self.points.iter().filter_map(|point| point.band).map(|[_, upper]| upper);
        let ticks = ticks(values().chain(bands).fold(0.0, f64::max));
        let most = ticks.last().copied().unwrap_or(1.0);
        let step = (WIDTH - LEFT - RIGHT) / (self.points.len() - 1) as f64;
        let place = |at: usize, value: f64| [LEFT + step * at as f64, TOP + HEIGHT * (1.0 - value.max(0.0) / most)];
        let mut canvas = Canvas::new();
        for tick in &ticks {
            let [_, y] = place(0, *tick);
            canvas.line([LEFT, y, WIDTH - RIGHT, y], &format!("stroke=\"{GREY}\" stroke-width=\"0.6\""));
            canvas.tick([LEFT - 6.0, y + 4.0], "end", &words(*tick));
        }
        self.band(&mut canvas, &place);
        let shown = |at: &usize| self.points[*at].value.is_some();
        let all: Vec<usize> = (0..self.points.len()).collect();
        for run in all.chunk_by(|a, b| shown(a) == shown(b)).filter(|run| shown(&run[0])) {
            let mut steps = String::new();
            for (position, at) in run.iter().enumerate() {
                let [x, y] = place(*at, self.points[*at].value.unwrap_or(0.0));
                let _ = write!(steps, "{}{x:.1} {y:.1} ", if position == 0 { "M" } else { "L" });
            }
            canvas.path(steps.trim_end(), &format!("fill=\"none\" stroke=\"{DARK}\" stroke-width=\"2.5\""));
        }
        for (at, point) in self.points.iter().enumerate() {
            let Some(value) = point.value else { continue };
            let [x, y] = place(at, value);
            if point.stands_out {
                let style = format!("fill=\"#ffffff\" stroke=\"{DARK}\" stroke-width=\"2.5\"");
                canvas.rect([x - 5.0, y - 5.0, 10.0, 10.0], &style);
            } else {
                canvas.circle([x, y], 3.5, &format!("fill=\"{DARK}\""));
            }
        }
        self.labels(&mut canvas, &place);
        let said = |point: &Point| format!("{}: {}.", point.period, point.words);
        let description = self.points.iter().map(said).collect::<Vec<_>>().join(" ");
        Some(canvas.finish(TOP + HEIGHT + 40.0, (self.id, self.title, &description)))
    }

    fn band(&self, canvas: &mut Canvas, place: &impl Fn(usize, f64) -> [f64; 2]) {
        for (at, pair) in self.points.windows(2).enumerate() {
            let (Some([low, high]), Some([next_low, next_high])) = (pair[0].band, pair[1].band) else { continue };
            let corners = [place(at, low), place(at, high), place(at + 1, next_high), place(at + 1, next_low)];
            let steps: Vec<String> = corners.iter().map(|[x, y]| format!("{x:.1} {y:.1}")).collect();
            canvas.path(&format!("M{}Z", steps.join("L")), &format!("fill=\"{TEAL}\" fill-opacity=\"0.18\""));
        }
    }

    /// The first and the last number, and the periods below: as many as fit.
    fn labels(&self, canvas: &mut Canvas, place: &impl Fn(usize, f64) -> [f64; 2]) {
        let known = || self.points.iter().enumerate().filter_map(|(at, point)| Some((at, point.value?)));
        let ends = [(known().next(), "start"), (known().next_back(), "end")];
        for ((at, value), anchor) in ends.into_iter().filter_map(|(end, anchor)| Some((end?, anchor))) {
            let [x, y] = place(at, value);
            let style = format!("font-size=\"13\" font-weight=\"600\" text-anchor=\"{anchor}\" fill=\"{INK}\"");
            let shift = if anchor == "end" { RIGHT - 4.0 } else { 0.0 };
            canvas.text([(x + shift).min(WIDTH - 2.0), (y - 10.0).max(12.0)], &style, &self.points[at].words);
        }
        let every = self.points.len().div_ceil(4).max(1);
        for (at, point) in self.points.iter().enumerate().filter(|(at, _)| at % every == 0) {
            let [x, _] = place(at, 0.0);
            canvas.line([x, TOP + HEIGHT, x, TOP + HEIGHT + 5.0], &format!("stroke=\"{INK}\""));
            let anchor = if at == 0 { "start" } else { "middle" };
            let shift = if at == 0 { -10.0 } else { 0.0 };
            canvas.tick([x + shift, TOP + HEIGHT + 20.0], anchor, &point.period);
        }
    }
}
