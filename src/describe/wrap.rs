//! Lines of text of a bounded width, for terminals.

/// Columns of a line.
const WIDTH: usize = 100;

/// A text in lines: the first starts with `first`, the others with as many blanks.
pub(super) fn wrap(first: &str, text: &str) -> Vec<String> {
    wrap_at(first.chars().count(), first, text)
}

/// A text in lines: the first starts with `first`, the others with so many blanks.
pub(super) fn wrap_at(indent: usize, first: &str, text: &str) -> Vec<String> {
    let indent = " ".repeat(indent);
    let (mut lines, mut line, mut is_empty) = (Vec::new(), first.to_owned(), true);
    for word in text.split_whitespace() {
        let length = line.chars().count() + usize::from(!is_empty) + word.chars().count();
        if length > WIDTH && !is_empty {
            lines.push(std::mem::replace(&mut line, indent.clone()));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line.trim_end().to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hang_below_their_mark_and_never_run_over() {
        let lines = wrap("- ", &"word ".repeat(40));
        assert_eq!(lines.len(), 3);
        assert!(lines[0].starts_with("- word word") && lines[1].starts_with("  word word"));
        assert!(lines.iter().all(|line| line.len() <= WIDTH && !line.ends_with(' ')));
        assert_eq!(wrap("- ", ""), ["-"]);
        assert_eq!(wrap("", &"x".repeat(120)).len(), 1);
    }
}
