//! The reports are for everybody: axe-core finds nothing on either of them, in a browser without a screen or a network.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use crate::program::Project;
use crate::tools;

const RULES: &str = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}";

/// What axe-core says of a page, as JSON; none where the browser or axe-core is absent.
fn verdict(page: &str) -> Option<Json> {
    let browser = tools::program("chromium", &["chromium", "chromium-browser", "google-chrome"])?;
    let axe = tools::axe()?;
    let folder = tempfile::tempdir().unwrap();
    fs::copy(axe, folder.path().join("axe.js")).unwrap();
    // The page's own policy lets no script run: the copy does without it.
    let (before, policy) = page.split_once("<meta http-equiv=\"Content-Security-Policy\"").unwrap();
    let (_, after) = policy.split_once('>').unwrap();
    let script = format!(
        "<script src=\"axe.js\"></script><script>axe.run(document, {RULES}).then(found => {{\
         const said = document.createElement('pre'); said.id = 'said-by-axe';\
         const short = found.violations.map(one => ({{id: one.id, help: one.help, nodes: one.nodes.map(node => node.html)}}));\
         said.textContent = encodeURIComponent(JSON.stringify({{violations: short, passes: found.passes.map(one => one.id),\
         open: found.incomplete.map(one => one.id)}}));\
         document.body.appendChild(said); }});</script>"
    );
    let copy = folder.path().join("page.html");
    fs::write(&copy, format!("{before}{after}").replace("</body>", &format!("{script}</body>"))).unwrap();
    let mut arguments: Vec<String> = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--virtual-time-budget=60000",
        "--dump-dom",
    ]
    .map(str::to_owned)
    .to_vec();
    arguments.push(format!("--user-data-dir={}", folder.path().join("profile").display()));
    arguments.push(format!("file://{}", copy.display()));
    let tree = tools::output_of(&browser, &arguments);
    let said = tree.split_once("id=\"said-by-axe\">").expect("axe-core did not end").1.split_once("</pre>").unwrap().0;
    Some(serde_json::from_slice(&decoded(said)).unwrap())
}

/// Bytes that were spelt `%41`.
fn decoded(text: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, others @ ..] = rest {
        if *first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&others[..2]).unwrap(), 16).unwrap());
            rest = &others[2..];
        } else {
            bytes.push(*first);
            rest = others;
        }
    }
    bytes
}

fn assert_no_violation(path: &Path) {
    let page = fs::read_to_string(path).unwrap();
    let Some(verdict) = verdict(&page) else { return };
    let passes = verdict["passes"].as_array().unwrap();
    assert!(passes.len() >= 20, "{passes:?}");
    for rule in ["color-contrast", "document-title", "html-has-lang", "landmark-one-main"] {
        assert!(passes.iter().any(|one| one == rule), "{rule} was not looked at: {verdict:#}");
    }
    assert_eq!(verdict["violations"], serde_json::json!([]), "{}: {:#}", path.display(), verdict["violations"]);
}

#[test]
fn axe_finds_nothing_on_the_reports_of_the_bundled_people() {
    let project = crate::report::bundled();
    let run = project.good_run(&[]);
    for tier in ["release", "internal"] {
        assert_no_violation(&run.join(tier).join("report.html"));
    }
}

#[test]
fn axe_finds_nothing_on_reports_about_few_people_with_strange_titles() {
    let project = Project::tiny();
    crate::harmless::name_strangely(&project, "in/pathways.toml");
    let run = project.good_run(&[]);
    for tier in ["release", "internal"] {
        assert_no_violation(&run.join(tier).join("report.html"));
    }
}

#[test]
fn axe_finds_what_is_wrong_with_a_page() {
    let page = "<!doctype html><html><head><meta http-equiv=\"Content-Security-Policy\" content=\"x\"></head>\
                <body><p style=\"color:#ccc;background:#fff\">hardly seen</p><table><tr><th></th></tr></table></body></html>";
    let Some(verdict) = verdict(page) else { return };
    let found: Vec<&str> =
        verdict["violations"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    for rule in ["color-contrast", "document-title", "html-has-lang"] {
        assert!(found.contains(&rule), "{found:?}");
    }
}
