//! A `PostgreSQL` of its own for one test: on loopback, on a free port, in a temporary folder, ended with the test by its id.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::tools;

/// Its only user, and the invented password.
const USER: &str = "reader";
pub(super) const PASSWORD: &str = "invented-9f2c";

/// The server while a test runs.
pub(super) struct Server {
    folder: tempfile::TempDir,
    child: Child,
    programs: PathBuf,
    driver: PathBuf,
    pub(super) port: u16,
}

/// Files that fit a path with one `*` among its folders.
fn first_of(patterns: &[&str]) -> Option<PathBuf> {
    patterns.iter().find_map(|pattern| {
        let Some((before, after)) = pattern.split_once("/*/") else {
            return Some(PathBuf::from(pattern)).filter(|path| path.is_file());
        };
        let mut found: Vec<PathBuf> = fs::read_dir(before)
            .ok()?
            .flatten()
            .map(|entry| entry.path().join(after))
            .filter(|path| path.is_file())
            .collect();
        found.sort();
        found.pop()
    })
}

/// Who the server runs as: it refuses to be root's.
fn user() -> Option<(u32, u32)> {
    if !rustix::process::getuid().is_root() {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let of = |name: &str| {
        let line = users.lines().find(|line| line.starts_with(&format!("{name}:")))?;
        let parts: Vec<&str> = line.split(':').collect();
        Some((parts[2].parse().unwrap(), parts[3].parse().unwrap()))
    };
    of("postgres").or_else(|| of("nobody"))
}

impl Server {
    /// Starts one; none where it or its ODBC driver is not installed, which is said.
    pub(super) fn start() -> Option<Self> {
        let initdb = first_of(&["/usr/lib/postgresql/*/bin/initdb", "/usr/local/bin/initdb", "/usr/bin/initdb"]);
        let driver = first_of(&["/usr/lib/*/odbc/psqlodbcw.so", "/usr/lib/psqlodbcw.so", "/usr/lib64/psqlodbcw.so"]);
        let (Some(initdb), Some(driver)) = (initdb, driver) else {
            tools::absent("postgresql-odbc");
            return None;
        };
        let programs = initdb.parent().unwrap().to_path_buf();
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let password = folder.path().join("password");
        let data = folder.path().join("data");
        fs::write(&password, PASSWORD).unwrap();
        fs::create_dir(&data).unwrap();
        let as_user = |command: &mut Command| {
            if let Some((user, group)) = user() {
                command.uid(user).gid(group);
            }
        };
        if let Some((user, group)) = user() {
            chown(&data, Some(user), Some(group)).unwrap();
            chown(&password, Some(user), Some(group)).unwrap();
        }
        let mut command = Command::new(&initdb);
        command.args(["--no-sync", "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C", "-U", USER, "--pwfile"]);
        command.arg(&password).arg("-D").arg(&data).current_dir(folder.path());
        as_user(&mut command);
        let made = command.output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let mut command = Command::new(programs.join("postgres"));
        command.arg("-D").arg(&data).args([
            "-p",
            &port.to_string(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off",
        ]);
        command.args(["-c", "unix_socket_directories="]).current_dir(folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(fs::File::create(folder.path().join("log")).unwrap());
        as_user(&mut command);
        let child = command.spawn().unwrap();
        let server = Self { folder, child, programs, driver, port };
        server.wait();
        Some(server)
    }

    fn wait(&self) {
        for _ in 0..300 {
            if self.psql("SELECT 1;").is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{}", fs::read_to_string(self.folder.path().join("log")).unwrap());
    }

    /// Runs statements; what it said where it refused them.
    fn psql(&self, statements: &str) -> Result<(), String> {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", USER, "-d", "postgres", "-p"]);
        command.arg(self.port.to_string()).env("PGPASSWORD", PASSWORD).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        // Where it ended before it read all, it says why.
        let _ = child.stdin.take().unwrap().write_all(statements.as_bytes());
        let done = child.wait_with_output().unwrap();
        if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into_owned()) }
    }

    /// Runs statements that must do.
    pub(super) fn run(&self, statements: &str) {
        self.psql(statements).unwrap();
    }

    /// The connection string.
    pub(super) fn connection(&self) -> String {
        let driver = self.driver.display();
        let port = self.port;
        format!(
            "Driver={driver};Server=127.0.0.1;Port={port};Database=postgres;UID={USER};PWD={PASSWORD};UseDeclareFetch=1;Fetch=100;"
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Interrupted, it ends at once and tidily.
        let _ =
            rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), rustix::process::Signal::INT);
        for _ in 0..100 {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A file that only its owner can read.
pub(super) fn write_secret(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}
