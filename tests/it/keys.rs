//! Keys: each refusal by its code, before any extract is opened and with the last good run untouched; nothing of a key is shown.

use std::fmt::Debug;
use std::fs;
use std::marker::PhantomData;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pathlink::identity::compat::Salt;
use pathlink::identity::keys::ProjectKey;
use pathlink::identity::tokens::Tokeniser;

use crate::program::{Finished, Project, files_under, pathlink, pathlink_with};
use crate::scan::{Needles, key_bytes};

/// The hand-worked fixture under a key of its own that its settings name, after a good run. Then its extracts are taken
/// away: a command that opens one fails with another code than a key's.
fn without_data() -> (Project, Needles) {
    let project = Project::tiny();
    let made = pathlink(&project.path(""), &["key", "new", "--project", "tiny", "--to", "project.key"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let check_value = made.stdout.trim().rsplit(' ').next().unwrap().to_owned();
    let named = format!("file = \"project.key\"\nproject = \"tiny\"\ncheck_value = \"{check_value}\"");
    project.edit("pathlink.toml", |text| text.replace("demo = true", &named));
    project.good_run(&[]);
    let mut needles = Needles::of(&project);
    needles.add_key(&key_bytes(&project.path("project.key")));
    for source in ["mental_health", "emergency_care", "talking_therapies", "gp", "community"] {
        fs::remove_dir_all(project.path("in").join(source)).unwrap();
    }
    (project, needles)
}

/// A name, a code, what it says, and what is done to the key file.
type Damage<'a> = (&'a str, &'a str, &'a str, &'a dyn Fn(&Path));

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn write_key(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    set_mode(path, 0o600);
}

fn flip(path: &Path, bit: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[bit / 8] ^= 1 << (bit % 8);
    write_key(path, &bytes);
}

fn replace_by_new(path: &Path, project: &str) {
    fs::remove_file(path).unwrap();
    let done = pathlink(path.parent().unwrap(), &["key", "new", "--project", project, "--to", "project.key"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
}

const DAMAGES: &[Damage<'static>] = &[
    ("group may read it", "KEY02", "group or others", &|path| set_mode(path, 0o640)),
    ("others may read it", "KEY02", "group or others", &|path| set_mode(path, 0o604)),
    ("others may write it", "KEY02", "group or others", &|path| set_mode(path, 0o602)),
    ("it is a link", "KEY02", "a link", &|path| {
        let real = path.with_file_name("in").join("real.key");
        fs::rename(path, &real).unwrap();
        symlink(real, path).unwrap();
    }),
    ("it is a folder", "KEY02", "a folder", &|path| {
        fs::remove_file(path).unwrap();
        fs::create_dir(path).unwrap();
        set_mode(path, 0o700);
    }),
    ("it is a pipe", "KEY02", "a device", &|path| {
        fs::remove_file(path).unwrap();
        assert!(Command::new("mkfifo").args(["-m", "600"]).arg(path).status().unwrap().success());
    }),
    ("it is empty", "KEY03", "the line has no end", &|path| write_key(path, b"")),
    ("it is short", "KEY03", "the line has no end", &|path| write_key(path, &fs::read(path).unwrap()[..40])),
    ("it lacks its last character", "KEY03", "the line has no end", &|path| {
        let bytes = fs::read(path).unwrap();
        write_key(path, &bytes[..bytes.len() - 1]);
    }),
    ("it is far too long", "KEY02", "longer", &|path| write_key(path, &fs::read(path).unwrap().repeat(100))),
    ("a bit of its form is flipped", "KEY03", "fix: fetch", &|path| flip(path, 5)),
    ("a bit of its project is flipped", "KEY03", "does not fit", &|path| flip(path, 15 * 8)),
    ("a bit of its key is flipped", "KEY03", "fix: fetch", &|path| flip(path, 30 * 8 + 1)),
    ("it is not there", "KEY01", "is not there", &|path| fs::remove_file(path).unwrap()),
    ("it is another project's", "KEY07", "project other version 1", &|path| replace_by_new(path, "other")),
    ("it is another key of the project", "KEY07", "project tiny version 1", &|path| replace_by_new(path, "tiny")),
];

#[test]
fn each_refusal_comes_before_any_data_is_read() {
    let (project, needles) = without_data();
    let path = project.path("project.key");
    let whole = fs::read(&path).unwrap();
    // What became of the last attempt is told beside the runs.
    let runs = || {
        let mut files = files_under(&project.path("runs"));
        files.retain(|path, _| !path.to_string_lossy().starts_with("last_attempt"));
        files
    };
    let before = runs();
    let refused = |name: &str, code: &str, text: &str| {
        for command in [&["run"][..], &["check"], &["key", "rotate", "--to", "new.key"]] {
            let done = pathlink(&project.path(""), command);
            assert_eq!(done.code, 7, "{name}: {}", done.stderr);
            assert!(done.stderr.starts_with(&format!("error {code}: ")), "{name}: {}", done.stderr);
            assert!(done.stderr.contains(text), "{name}: {}", done.stderr);
            assert!(!command.contains(&"run") || done.stderr.contains("the last good run is "), "{name}");
            needles.assert_not_in(&project, &done);
            assert!(runs() == before, "{name}: the last good run was touched");
            assert!(!project.path("new.key").exists(), "{name}");
        }
    };
    for (name, code, text, damage) in DAMAGES {
        damage(&path);
        refused(name, code, text);
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir(&path));
        write_key(&path, &whole);
    }
    if rustix::process::getuid().is_root() {
        chown(&path, Some(4321), None).unwrap();
        refused("it is somebody else's", "KEY02", "another user");
        chown(&path, Some(0), None).unwrap();
    }
    // With the key whole again it is the extracts that are missed.
    assert_eq!(project.run(&[]).code, 4);
}

#[test]
fn both_the_named_and_the_found_key_are_told() {
    let (project, _) = without_data();
    let wanted = fs::read_to_string(project.path("pathlink.toml")).unwrap();
    let wanted =
        wanted.lines().find_map(|line| line.strip_prefix("check_value = ")).unwrap().trim_matches('"').to_owned();
    replace_by_new(&project.path("project.key"), "other");
    let found = pathlink(&project.path(""), &["key", "check", "--key-file", "project.key"]).stdout;
    let said = project.run(&[]).stderr;
    assert!(said.contains(&format!("the settings: project tiny check value {wanted}, from [key]")), "{said}");
    assert!(said.contains(&format!("project.key: {}", found.trim())), "{said}");
}

#[test]
fn a_key_file_of_bytes_00_to_1f_is_the_demonstration_key_on_the_command_line_too() {
    let folder = tempfile::tempdir().unwrap();
    let encoded = STANDARD.encode((0..32).collect::<Vec<u8>>());
    write_key(&folder.path().join("own.key"), format!("PATHLINK-KEY-1 demo-project 1 {encoded} ae284495\n").as_bytes());
    for (arguments, variable) in [(&["key", "check", "--key-file", "own.key"][..], ""), (&["key", "check"], "own.key")]
    {
        let done = pathlink_with(folder.path(), arguments, variable);
        assert_eq!((done.code, done.stdout.as_str()), (0, "project demo-project version 1 check value ae284495\n"));
        assert_eq!(done.stderr, "");
    }
}

/// The same bytes in a file obey the same rule as the built-in key.
#[test]
fn the_demonstration_key_in_a_file_says_demonstration() {
    let project = Project::tiny();
    let encoded = STANDARD.encode((0..32).collect::<Vec<u8>>());
    write_key(&project.path("project.key"), format!("PATHLINK-KEY-1 demo-project 1 {encoded} ae284495\n").as_bytes());
    project.edit("pathlink.toml", |text| text.replace("demo = true", "file = \"project.key\""));
    let run = project.good_run(&[]);
    let manifest = fs::read_to_string(run.join("manifest.json")).unwrap();
    assert!(manifest.contains("\"demonstration\"") && manifest.contains("\"check_value\": \"ae284495\""));
}

#[test]
fn a_key_on_the_command_line_in_the_environment_or_in_settings_is_refused_and_not_shown() {
    let (project, needles) = without_data();
    let line = fs::read_to_string(project.path("project.key")).unwrap().trim().to_owned();
    let encoded = line.split(' ').nth(3).unwrap().to_owned();
    let hexadecimal = pathlink::domain::hex::lower(&key_bytes(&project.path("project.key")));
    let refused = |done: &Finished, code: i32| {
        assert_eq!(done.code, code, "{}", done.stderr);
        assert!(done.stderr.contains("holds what looks like a key itself"), "{}", done.stderr);
        needles.assert_not_in(&project, done);
    };
    for text in [&line, &encoded, &hexadecimal] {
        refused(&pathlink(&project.path(""), &["run", "--key-file", text]), 7);
        refused(&pathlink(&project.path(""), &["run", &format!("--key={text}")]), 7);
        refused(&pathlink(&project.path(""), &["key", "check", text]), 7);
        refused(&pathlink_with(&project.path(""), &["run"], text), 7);
    }
    let settings = fs::read_to_string(project.path("pathlink.toml")).unwrap();
    for text in [&line, &encoded] {
        fs::write(project.path("pathlink.toml"), settings.replace("\"project.key\"", &format!("\"{text}\""))).unwrap();
        refused(&project.run(&[]), 7);
        let unknown = settings.replace("file = \"project.key\"", &format!("secret = \"{text}\""));
        fs::write(project.path("pathlink.toml"), unknown).unwrap();
        refused(&project.run(&[]), 3);
        fs::write(project.path("pathlink.toml"), format!("{text}\n{settings}")).unwrap();
        refused(&project.run(&[]), 3);
    }
}

/// Whether a type can be printed with `{:?}`: the inherent constant wins where it can be.
struct Probe<T>(PhantomData<T>);

trait Otherwise {
    const IS_SHOWN: bool = false;
}

impl<T> Otherwise for Probe<T> {}

impl<T: Debug> Probe<T> {
    const IS_SHOWN: bool = true;
}

#[test]
fn nothing_that_holds_a_key_can_be_printed() {
    let shown = [
        Probe::<String>::IS_SHOWN,
        Probe::<ProjectKey>::IS_SHOWN,
        Probe::<Tokeniser>::IS_SHOWN,
        Probe::<Salt>::IS_SHOWN,
    ];
    assert_eq!(shown, [true, false, false, false]);
    let needs_drop =
        [std::mem::needs_drop::<ProjectKey>(), std::mem::needs_drop::<Tokeniser>(), std::mem::needs_drop::<Salt>()];
    assert_eq!(needs_drop, [true; 3], "nothing would be wiped");
}
