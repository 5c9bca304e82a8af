//! A desk to work at: a folder of its own, a file, and the binary.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_chanlife");

/// The day on which tests take place, unless they say otherwise.
pub(crate) const TODAY: &str = "2026-11-23";

pub(crate) struct Desk {
    folder: TempDir,
    today: String,
}

/// The folders of real event logs in the folder that `CHANLIFE_LOGS` names; none if it is not set.
pub(crate) fn logs() -> Vec<PathBuf> {
    let Some(folder) = std::env::var_os("CHANLIFE_LOGS") else { return Vec::new() };
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut logs: Vec<_> = entries.filter(|path| path.join("events.csv").exists()).collect();
    logs.sort();
    assert!(!logs.is_empty(), "no log in the folder of CHANLIFE_LOGS");
    logs
}

/// How a run ended, and what it said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Desk {
    /// A desk with a file that holds the built-in program.
    pub(crate) fn new() -> Desk {
        let desk = Desk::empty();
        desk.ok(&["init"]);
        desk
    }

    /// A desk without a file.
    pub(crate) fn empty() -> Desk {
        Desk { folder: tempfile::tempdir().expect("a folder"), today: TODAY.to_owned() }
    }

    /// From now on this day is today.
    pub(crate) fn set_today(&mut self, day: &str) {
        day.clone_into(&mut self.today);
    }

    pub(crate) fn today(&self) -> &str {
        &self.today
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn db(&self) -> PathBuf {
        self.folder().join("channel.db")
    }

    /// Writes a file into the folder and returns its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.folder().join(name);
        std::fs::write(&path, content).expect("a file");
        path.display().to_string()
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(BINARY);
        command
            .current_dir(self.folder())
            .env_clear()
            .env("HOME", self.folder())
            .env("CHANLIFE_DB", self.db())
            .env("CHANLIFE_TODAY", &self.today)
            .env("CHANLIFE_ACTOR", "ana")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Said {
        said(self.command().args(words).output().expect("it starts"))
    }

    /// Runs and expects success; returns what went to standard output.
    pub(crate) fn ok(&self, words: &[&str]) -> String {
        let said = self.run(words);
        assert_eq!(said.code, 0, "chanlife {words:?}: {}", said.err);
        said.out
    }

    /// Runs and expects this exit code; returns what went to standard error.
    pub(crate) fn fails(&self, code: i32, words: &[&str]) -> String {
        let said = self.run(words);
        assert_eq!(said.code, code, "chanlife {words:?}: {}{}", said.out, said.err);
        said.err
    }

    pub(crate) fn json(&self, words: &[&str]) -> serde_json::Value {
        let words: Vec<&str> = words.iter().copied().chain(["--format", "json"]).collect();
        serde_json::from_str(&self.ok(&words)).expect("JSON")
    }

    /// Everything that reports say of the file today.
    pub(crate) fn picture(&self) -> String {
        let columns = "key,name,type,tier,region,owner,ref,stage,since,days,overdue,parked-from,left-as,joined,\
                       missing,done,revenue-12m";
        [
            self.ok(&["report", "--format", "json"]),
            self.ok(&["list", "--columns", columns, "--format", "csv"]),
            self.ok(&["revenue", "list", "--format", "csv"]),
        ]
        .concat()
    }

    /// The file must be sound.
    pub(crate) fn check(&self) {
        let said = self.run(&["check"]);
        assert_eq!(said.code, 0, "check: {}{}", said.out, said.err);
    }
}

pub(crate) fn said(output: Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}
