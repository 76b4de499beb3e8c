//! Layers: which module may see which. Read from the source itself, so that an import against the direction fails.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::root;

/// Each module and what it may see of the crate beside itself, those below first. `..m` stands for `m` and all that `m`
/// may see.
const LAYERS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("fault", &[]),
    ("domain", &[]),
    ("audit", &[]),
    ("stats", &["domain"]),
    ("evaluation", &["stats"]),
    ("synth", &[]),
    ("frame", &["domain", "error"]),
    ("schema", &["domain"]),
    ("settings", &["domain", "schema", "error"]),
    ("sources", &["domain", "schema", "settings", "error"]),
    ("identity", &["domain", "error"]),
    ("compat", &["..identity"]),
    ("ingest", &["..sources", "..identity", "fault"]),
    ("doctor", &["..ingest"]),
    ("link", &["..ingest", "frame"]),
    ("rules", &["schema", "link", "frame", "error"]),
    ("pathways", &["..link", "..rules"]),
    ("metrics", &["..pathways", "stats"]),
    ("effects", &["..metrics", "evaluation"]),
    ("attack", &["..metrics", "audit"]),
    ("economics", &["..metrics"]),
    ("disclosure", &["..economics", "..effects", "audit"]),
    ("report", &["..disclosure"]),
    ("describe", &["..economics"]),
    ("registry", &["..link"]),
    ("output", &["..disclosure", "registry"]),
    ("share", &["..output"]),
    ("publish", &["..output", "attack", "audit"]),
    ("run", &["..output", "report", "synth", "attack", "audit"]),
    ("cli", &["..run", "compat", "describe", "doctor", "share", "publish"]),
];

/// What a module may see, written out; fails for a module without a layer.
fn may_see(module: &str) -> BTreeSet<&'static str> {
    let (own, seen) = LAYERS
        .iter()
        .find(|(known, _)| *known == module)
        .unwrap_or_else(|| panic!("give `{module}` a layer in tests/it/layers.rs"));
    let mut all = BTreeSet::from([*own]);
    for name in *seen {
        match name.strip_prefix("..") {
            Some(below) => all.extend(may_see(below)),
            None => {
                all.insert(name);
            }
        }
    }
    all
}

/// A source file: its path under `src`, and its text without comments.
struct SourceFile {
    path: String,
    text: String,
}

fn source_files(folder: &Path, found: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            source_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let lines = fs::read_to_string(&path).unwrap();
            let code = lines.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line });
            let path = path.strip_prefix(root().join("src")).unwrap().to_string_lossy().replace('\\', "/");
            found.push(SourceFile { path, text: code.collect::<Vec<_>>().join("\n") });
        }
    }
}

fn all() -> Vec<SourceFile> {
    let mut files = Vec::new();
    source_files(&root().join("src"), &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The first part of a path: the module.
fn module_of(path: &str) -> &str {
    path.split('/').next().unwrap().trim_end_matches(".rs")
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Where a word stands by itself.
fn places<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let (before, after) = (text[..*at].chars().next_back(), text[at + word.len()..].chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// The modules that a text names after `crate::`, in `use` lines and elsewhere, groups in braces included.
fn named(text: &str) -> Vec<String> {
    let mut modules = Vec::new();
    for at in places(text, "crate") {
        let Some(rest) = text[at..].strip_prefix("crate::") else { continue };
        match rest.strip_prefix('{') {
            None => modules.push(rest.chars().take_while(|letter| is_word(*letter)).collect()),
            Some(group) => modules.extend(heads(group)),
        }
    }
    modules
}

/// The first names of a group in braces: of `{a::{b, c}, d}` they are `a` and `d`.
fn heads(group: &str) -> Vec<String> {
    let (mut depth, mut item, mut items) = (1, String::new(), Vec::new());
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && letter == ',') {
            items.push(std::mem::take(&mut item));
        } else {
            item.push(letter);
        }
        if depth == 0 {
            break;
        }
    }
    let head = |item: String| item.trim_start().chars().take_while(|letter| is_word(*letter)).collect::<String>();
    items.into_iter().map(head).filter(|name| !name.is_empty()).collect()
}

#[test]
fn imports_go_one_way() {
    let mut wrong = Vec::new();
    for file in all().iter().filter(|file| !matches!(file.path.as_str(), "lib.rs" | "main.rs")) {
        let allowed = may_see(module_of(&file.path));
        for seen in named(&file.text).iter().filter(|seen| !allowed.contains(seen.as_str())) {
            wrong.push(format!("src/{} names crate::{seen}", file.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `super::` would lead out of a module past the test above: `src/a.rs` and `src/a/mod.rs` are one step from the top,
/// `src/a/b.rs` two; a module inside the file, such as `tests`, is one more.
#[test]
fn nothing_climbs_out_of_its_module() {
    for file in all() {
        let depth = file.path.trim_end_matches("/mod.rs").split('/').count();
        let most = file.text.split("super::").collect::<Vec<_>>();
        let longest = most.split(|part| !part.is_empty()).map(|run| run.len() + 1).max().unwrap_or(0);
        let steps = if most.len() > 1 { longest } else { 0 };
        let limit = depth - 1 + usize::from(file.text.contains("mod tests {"));
        assert!(steps <= limit, "src/{} climbs {steps} modules up", file.path);
    }
}

#[test]
fn the_table_is_of_layers() {
    for (at, (module, seen)) in LAYERS.iter().enumerate() {
        for name in *seen {
            let name = name.trim_start_matches("..");
            assert!(
                LAYERS[..at].iter().any(|(below, _)| *below == name),
                "{module} sees {name}, which is not below it"
            );
        }
        assert!(*module == "cli" || !may_see(module).contains("cli"));
        assert!(matches!(*module, "cli" | "run") || !may_see(module).contains("run"));
    }
    assert!(!may_see("link").contains("rules"));
}

#[test]
fn imports_are_read_in_every_form() {
    let text = "use crate::frame;\npub use crate::{domain::{day, period}, error::Error};\nlet x = crate::stats::two(my_crate::no());";
    assert_eq!(named(text), ["frame", "domain", "error", "stats"]);
}

/// The type is named where identifiers are read and hashed, and nowhere else. A kind of column has the same name.
#[test]
fn nhs_numbers_are_named_only_where_they_are_read_and_hashed() {
    for file in all() {
        let is_home = file.path == "domain/nhs_number.rs" || matches!(module_of(&file.path), "ingest" | "identity");
        if is_home {
            continue;
        }
        let declares_kind = file.path == "schema/columns.rs" && file.text.contains("pub enum Kind {");
        let mut declarations = 0;
        for at in places(&file.text, "NhsNumber") {
            let before = &file.text[..at];
            let is_variant = before.ends_with("Kind::") || (declares_kind && before.ends_with("Self::"));
            declarations += u32::from(!is_variant);
        }
        assert_eq!(declarations, u32::from(declares_kind), "src/{}", file.path);
        let has_glob = file.text.contains("nhs_number::*") && !file.path.starts_with("synth/");
        assert!(!has_glob, "src/{}", file.path);
    }
}
