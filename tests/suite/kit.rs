//! The fault kit of `tests/faults`, in its short form.

use std::process::{Command, Stdio};

use crate::support::BINARY;

/// Runs parts of the kit, which says on standard error what it can't try here.
#[expect(clippy::print_stderr, reason = "what is skipped is said loudly")]
fn kept(parts: &[&str]) {
    let can = |program: &str| {
        let tried =
            Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    };
    for program in ["python3", "strace"] {
        if !can(program) {
            eprintln!("NOTE: there is no {program}, so the fault kit was NOT run: {parts:?}");
            return;
        }
    }
    let mut kit = Command::new("python3");
    kit.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/kit.py"));
    kit.args(["--short", "--binary", BINARY]).env("PYTHONDONTWRITEBYTECODE", "1");
    for part in parts {
        kit.args(["--only", part]);
    }
    let ran = kit.output().expect("it starts");
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    eprint!("{out}{err}");
    assert!(ran.status.success(), "{out}{err}");
}

#[test]
fn a_kill_at_any_instant_or_call_loses_nothing_and_leaves_nothing_half_done() {
    kept(&["kills", "terms"]);
}

#[test]
fn faults_at_every_call_are_told_truthfully() {
    kept(&["syscalls"]);
}

#[test]
fn limits_of_the_machine_lose_nothing() {
    kept(&["full", "clock", "stdout"]);
}

#[test]
fn writers_that_meet_lose_nothing() {
    kept(&["writers"]);
}

#[test]
fn a_power_cut_loses_nothing_and_every_sync_is_needed() {
    kept(&["powerloss"]);
}

#[test]
fn a_damaged_file_is_no_crash_and_no_untrue_report() {
    kept(&["damage"]);
}
