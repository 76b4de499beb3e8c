//! A page that was filled in on an earlier night, as tonight's would be where nothing changed since.

use super::page::Tier;
use super::sections::changes;

/// The page of a run as that of another with the same tables; none where it cannot be told what on it is the run's own.
///
/// Everything on a page is escaped, so that no text of a table can look like the section that is replaced.
pub fn again(page: &str, tier: Tier, [from, to]: [&str; 2]) -> Option<String> {
    let page = match tier {
        Tier::Internal => without_changes(page)?,
        Tier::Release => page.to_owned(),
    };
    let places: [fn(&str) -> String; 2] = [|id| format!("<td>{id}</td>"), |id| format!("pathlink, run {id}, from")];
    let is_told = places.iter().all(|place| page.matches(&place(from)).count() == 1);
    if !is_told || page.matches(from).count() != places.len() {
        return None;
    }
    Some(places.iter().fold(page, |page, place| page.replace(&place(from), &place(to))))
}

/// The page with nothing changed since last time.
fn without_changes(page: &str) -> Option<String> {
    let (open, close) = (format!("<section aria-labelledby=\"{}\">\n", changes::ID), "</section>\n");
    let (before, rest) = page.split_once(&open)?;
    let (_, after) = rest.split_once(close)?;
    let [id, title, nothing] = [changes::ID, changes::TITLE, changes::NOTHING];
    Some(format!("{before}{open}<h2 id=\"{id}\">{title}</h2>\n<p>{nothing}</p>\n{close}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<section aria-labelledby=\"changes\">\n<h2 id=\"changes\">What</h2>\n<p>Much</p>\n</section>\n\
        <section>\n<td>run-1</td></section>\n<p>Made by pathlink, run run-1, from the tables</p>\n";

    #[test]
    fn a_page_has_the_other_runs_name_and_says_that_nothing_changed() {
        let page = again(PAGE, Tier::Internal, ["run-1", "run-2"]).unwrap();
        assert!(page.contains("<td>run-2</td>") && page.contains("run run-2, from") && !page.contains("run-1"));
        assert!(page.contains("Every finding reads as it did") && !page.contains("Much"));
        assert!(again(PAGE, Tier::Release, ["run-1", "run-2"]).unwrap().contains("Much"));
    }

    #[test]
    fn where_a_cell_may_be_the_runs_name_or_not_nothing_is_taken_over() {
        for text in [&PAGE.replace("Much", "run-1"), &PAGE.replace("<p>Made", "<td>run-1</td><p>Made")] {
            assert_eq!(again(text, Tier::Release, ["run-1", "run-2"]), None);
        }
        assert_eq!(again("", Tier::Internal, ["run-1", "run-2"]), None);
    }
}
