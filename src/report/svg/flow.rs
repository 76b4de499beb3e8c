//! A flow: one group that divides into several, each as broad as it has people.

use super::{Canvas, DARK, GREY, INK, Picture, TEAL, WIDTH, cut};

/// Where some went: how many, and the words beside.
pub(crate) struct Branch {
    pub(crate) label: String,
    pub(crate) people: f64,
    pub(crate) words: String,
}

/// One group and where its people went; those whose number is not shown are not drawn.
pub(crate) struct Flow<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    /// What stands at the beginning.
    pub(crate) from: &'a str,
    pub(crate) branches: Vec<Branch>,
}

const HEIGHT: f64 = 200.0;
/// Between two branches, so that their words do not touch.
const GAP: f64 = 22.0;
const BLOCK: f64 = 14.0;
const WORDS: f64 = 235.0;

impl Flow<'_> {
    /// The picture; none where nobody is shown.
    pub(crate) fn picture(&self) -> Option<Picture> {
        let total: f64 = self.branches.iter().map(|branch| branch.people).sum();
        if total <= 0.0 {
            return None;
        }
        let scale = HEIGHT / total;
        let height = HEIGHT + GAP * self.branches.len() as f64;
        let mut canvas = Canvas::new();
        let top = 30.0;
        let start = top + (height - GAP - HEIGHT) / 2.0;
        let end = WIDTH - WORDS;
        let bold = format!("font-size=\"14\" font-weight=\"600\" fill=\"{INK}\"");
        canvas.text([4.0, 16.0], &bold, &cut(self.from, 60));
        canvas.rect([4.0, start, BLOCK, HEIGHT], &format!("fill=\"{DARK}\""));
        let (mut from, mut to) = (start, top);
        for (at, branch) in self.branches.iter().enumerate() {
            let own = branch.people * scale;
            let middle = f64::midpoint(4.0 + BLOCK, end);
            let (x, fill) = (4.0 + BLOCK, if at % 2 == 0 { TEAL } else { GREY });
            let steps = format!(
                "M{x:.1} {from:.1}C{middle:.1} {from:.1} {middle:.1} {to:.1} {end:.1} {to:.1}L{end:.1} {:.1}C{middle:.1} {:.1} {middle:.1} {:.1} {x:.1} {:.1}Z",
                to + own,
                to + own,
                from + own,
                from + own
            );
            canvas.path(&steps, &format!("fill=\"{fill}\" fill-opacity=\"0.45\""));
            canvas.rect([end, to, BLOCK, own], &format!("fill=\"{DARK}\""));
            let y = to + own / 2.0;
            canvas.text([end + BLOCK + 6.0, y], &format!("font-size=\"14\" fill=\"{INK}\""), &cut(&branch.label, 30));
            canvas.text([end + BLOCK + 6.0, y + 15.0], &format!("font-size=\"13\" fill=\"{INK}\""), &branch.words);
            from += own;
            to += own + GAP;
        }
        let said = |branch: &Branch| format!("{}: {}.", branch.label, branch.words);
        let description = self.branches.iter().map(said).collect::<Vec<_>>().join(" ");
        Some(canvas.finish(height + 40.0, (self.id, self.title, &description)))
    }
}
