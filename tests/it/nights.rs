//! Night after night: extracts grow, and now and then a file is late or damaged, the disk is full or the run is killed. In the
//! end the figures are those of one clean run over everything, and nothing is left over.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::program::{Project, files_under};
use crate::scan::Needles;

/// Extracts that grow from night to night: nothing hangs on their rows. By what they are called, their rows at the end.
const GROWING: [&str; 3] = ["in/emergency_care", "in/gp", "in/community"];

/// A file system of its own, which can be filled; none where this machine lets nobody mount one.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path) -> Option<Self> {
        let options = ["-t", "tmpfs", "-o", "size=1000m", "tmpfs"];
        let mounted = Command::new("mount").args(options).arg(at).stderr(Stdio::null()).status();
        mounted.is_ok_and(|status| status.success()).then(|| Self(at.to_owned()))
    }

    /// Leaves next to nothing free.
    fn fill(&self) {
        let mut ballast = fs::File::create(self.0.join("ballast")).unwrap();
        while std::io::Write::write_all(&mut ballast, &[0; 4096]).is_ok() {}
    }

    fn free(&self) {
        fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// What growing files hold at the end.
fn whole(project: &Project) -> BTreeMap<PathBuf, Vec<String>> {
    let is_leaf = |path: &PathBuf| {
        let name = path.to_string_lossy();
        ["ECDS", "gp_appointment", "community_contact"].iter().any(|part| name.contains(part))
    };
    let files = GROWING.iter().flat_map(|folder| {
        files_under(&project.path(folder)).into_keys().map(|name| project.path(folder).join(name)).collect::<Vec<_>>()
    });
    let lines = |path: &PathBuf| fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
    files.filter(is_leaf).map(|path| (path.clone(), lines(&path))).collect()
}

/// The growing files as they are on a night.
fn arrive(whole: &BTreeMap<PathBuf, Vec<String>>, night: usize, nights: usize) {
    for (path, lines) in whole {
        // From half of the rows on to all of them; a third of the nights brings nothing new.
        let step = night - night % 3;
        let rows = if night + 1 == nights { lines.len() } else { lines.len() / 2 + (lines.len() / 2) * step / nights };
        fs::write(path, lines[..rows.max(1)].join("\n") + "\n").unwrap();
    }
}

/// Every figure: tables without what they say of the change since the run before.
fn figures(run: &Path) -> BTreeMap<PathBuf, Vec<String>> {
    let mut all = BTreeMap::new();
    for (path, bytes) in files_under(run) {
        let is_table =
            path.extension().is_some_and(|end| end == "csv") && !path.starts_with("restricted/person_events.csv");
        if is_table {
            let text = String::from_utf8(bytes).unwrap();
            let is_lasting = |line: &&str| !line.contains("drift");
            all.insert(path, text.lines().filter(is_lasting).map(str::to_owned).collect());
        }
    }
    assert!(all.len() > 20);
    all
}

#[expect(clippy::disallowed_methods, reason = "a test of moments needs to know how long a run takes")]
fn seconds(work: impl FnOnce()) -> Duration {
    let start = std::time::Instant::now();
    work();
    start.elapsed()
}

fn kill_after(project: &Project, moment: Duration) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pathlink"));
    command.args(["run", "-q"]).current_dir(project.path("")).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    std::thread::sleep(moment);
    let _ = child.kill();
    child.wait().unwrap();
}

/// The faults of a night, by chance of its own: the same every time.
fn chance(night: usize) -> u64 {
    let mut state = (night as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    state ^= state >> 29;
    state = state.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state ^ (state >> 32)
}

/// A project whose extracts grow, its outputs on a disk of their own where one can be mounted.
struct Nights {
    // Unmounted before the project's folder is removed.
    disk: Option<Disk>,
    project: Project,
    whole: BTreeMap<PathBuf, Vec<String>>,
    runs: PathBuf,
    /// How long an undisturbed run takes.
    length: Duration,
}

impl Nights {
    fn of(people: &str, nights: usize) -> Self {
        let project = Project::synth(&["--people", people, "--seed", "6"]);
        with_short_nights(&project);
        project.edit("pathlink.toml", |text| {
            text.replace("runs = 0  ", "runs = 3  ").replace("store_runs = 2  ", "store_runs = 1  ")
        });
        let whole = whole(&project);
        assert!(whole.len() >= 3);
        fs::create_dir_all(project.path("disk")).unwrap();
        let disk = Disk::mount(&project.path("disk"));
        project.edit("pathlink.toml", |text| {
            text.replace("runs = \"runs\"", "runs = \"disk/runs\"")
                .replace("store = \"store\"", "store = \"disk/store\"")
        });
        arrive(&whole, 0, nights);
        let length = seconds(|| assert_eq!(project.run(&["-q"]).code, 0));
        let runs = project.path("disk/runs");
        Self { disk, project, whole, runs, length }
    }

    fn latest(&self) -> String {
        fs::read_to_string(self.runs.join("LATEST")).unwrap()
    }

    /// A night with a fault: a file is late, damaged, the disk is full, the run is killed, or nothing happens. The exit code;
    /// none of a run that was killed.
    fn night(&self, fault: usize, any: u64) -> Option<i32> {
        let (late, lines) = self.whole.iter().nth((any >> 8) as usize % self.whole.len()).unwrap();
        match (fault, &self.disk) {
            (0, _) => fs::remove_file(late).unwrap(),
            (1, _) => fs::write(late, lines[..lines.len() / 2].join("\n") + "\n\"never closed").unwrap(),
            (2, Some(disk)) => disk.fill(),
            (3, _) => {
                kill_after(&self.project, self.length.mul_f64((any % 97) as f64 / 97.0));
                return None;
            }
            _ => {}
        }
        let done = self.project.run(&["-q"]);
        if let (2, Some(disk)) = (fault, &self.disk) {
            disk.free();
        }
        let is_expected = match fault {
            // A source may do without the file, or not.
            0 => matches!(done.code, 0 | 4 | 5),
            1 => done.code == 4,
            2 if self.disk.is_some() => matches!(done.code, 0 | 9),
            _ => done.code == 0,
        };
        assert!(is_expected, "fault {fault}: {} {}", done.code, done.stderr);
        Some(done.code)
    }

    /// Bytes of the store that save work.
    fn store_bytes(&self) -> usize {
        let files = files_under(&self.runs.join("../store")).into_iter();
        files.filter(|(path, _)| !path.starts_with("registry")).map(|(_, bytes)| bytes.len()).sum()
    }
}

/// Settings under which a night takes a second: linkage once, and three quarters.
fn with_short_nights(project: &Project) {
    project.edit("pathlink.toml", |text| {
        assert!(text.contains("sensitivity = true") && text.contains("quarters = 12"));
        text.replace("sensitivity = true", "sensitivity = false").replace("quarters = 12", "quarters = 3")
    });
}

/// What happened in so many nights, in words. They are bounded: a run that has become slow fails the test.
fn in_time(nights: usize, most: Duration) -> String {
    let mut met = [0; 5];
    let took = seconds(|| met = nights_end_as_one_clean_run("300", nights));
    assert!(took <= most, "{nights} nights took {} seconds", took.as_secs());
    let faults = "late, damaged, full (where a disk can be mounted), killed, undisturbed";
    format!("{faults}: {met:?}; {} seconds", took.as_secs())
}

/// What happened in so many nights, by fault.
fn nights_end_as_one_clean_run(people: &str, nights: usize) -> [usize; 5] {
    let all = Nights::of(people, nights);
    let (mut met, mut sizes) = ([0; 5], Vec::new());
    for night in 1..nights {
        arrive(&all.whole, night, nights);
        let (before, any) = (all.latest(), chance(night));
        let fault = if night + 1 == nights { 4 } else { any as usize % 5 };
        met[fault] += 1;
        let code = all.night(fault, any);
        if code.is_some_and(|code| code != 0) {
            assert_eq!(all.latest(), before, "night {night}: a run that failed was published");
        }
        if fault == 4 {
            sizes.push(all.store_bytes());
        }
    }
    assert!(met.iter().all(|count| *count > 0), "a fault did not happen: {met:?}");
    let clean = Project::synth(&["--people", people, "--seed", "6"]);
    with_short_nights(&clean);
    let (found, wanted) = (figures(&all.runs.join(all.latest().trim())), figures(&clean.good_run(&["-q"])));
    assert_eq!(found.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
    for (path, lines) in &found {
        assert!(*lines == wanted[path], "{} differs from that of a clean run", path.display());
    }
    assert!(sizes.iter().max() <= sizes.last().map(|last| last + last / 5).as_ref(), "the store grew: {sizes:?}");
    nothing_is_left_over(&all, &clean);
    met
}

/// Three runs and what stands beside them; a store as large as that of one run; no identifier outside `restricted/`.
fn nothing_is_left_over(all: &Nights, clean: &Project) {
    let names = fs::read_dir(&all.runs).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let (kept, others): (Vec<String>, Vec<String>) = names.partition(|name| name.starts_with("20"));
    assert!(kept.len() <= 3, "{kept:?}");
    let known = [".lock", "LATEST", "last_attempt.txt", "last_attempt.log.jsonl"];
    assert!(others.iter().all(|name| known.contains(&name.as_str())), "{others:?}");
    for part in ["staged", "linked", "evaluated"] {
        let of = |folder: &Path| files_under(&folder.join(part)).len();
        assert_eq!(of(&all.runs.join("../store")), of(&clean.path("store")), "{part}");
    }
    let needles = Needles::of(&all.project);
    for (path, bytes) in files_under(&all.runs) {
        if !path.iter().any(|part| part == "restricted") {
            assert!(needles.found_in(&bytes).is_empty(), "in {}", path.display());
        }
    }
}

#[test]
fn sixty_nights_with_faults_end_as_one_clean_run() {
    // A minute where nothing else runs.
    println!("{}", in_time(60, Duration::from_mins(5)));
}

#[test]
#[ignore = "minutes: cargo test --release --test it -- --ignored a_year_of_nights"]
fn a_year_of_nights_with_faults_ends_as_one_clean_run() {
    println!("{}", in_time(365, Duration::from_mins(10)));
}
