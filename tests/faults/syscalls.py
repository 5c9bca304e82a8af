"""Errors of the system at every single call of a command: no crash, no damage, and a true answer."""

import os
import re
import sqlite3

from desk import Part, calls_made, can_trace, history_csv, known_calls, skipped, small, spread, strace

CALLS = {
    "write": ("EIO", "ENOSPC"),
    "pwrite64": ("ENOSPC", "EIO"),
    "fsync": ("EIO", "ENOSPC"),
    "fdatasync": ("EIO", "ENOSPC"),
    "ftruncate": ("EIO", "ENOSPC"),
    "rename": ("EIO", "ENOSPC"),
    "renameat2": ("EIO", "ENOSPC"),
    "linkat": ("EIO", "ENOSPC"),
    "unlink": ("EACCES", "EIO"),
}


class Faults:
    def __init__(self, settings):
        self.settings = settings
        self.part = Part("syscalls")
        self.chance = settings.chance("syscalls")
        self.tried = self.done = self.refused = self.told = self.false = 0
        self.desk = small(settings)
        self.imported = self.desk.file("history.csv", history_csv(20))
        self.copy = self.desk.path("copy.db")
        self.base = self.desk.snapshot()

    def jobs(self):
        return {
            "advance": ("advance", "acme", "--override", "a key account"),
            "import": ("import", "stages", self.imported, "--complete-history"),
            "backup": ("backup", self.copy),
        }

    def stored(self, job):
        """Whether what the command was to do is there, whole."""
        if job == "backup":
            return os.path.exists(self.copy)
        return any(words.startswith(f"chanlife {job}") for words in self.desk.words())

    def all_faults(self, job):
        made = calls_made(self.desk, known_calls(CALLS), *self.jobs()[job])
        self.desk.reset(self.base)
        for call, errors in CALLS.items():
            for k in range(1, made.get(call, 0) + 1):
                if self.settings.short:
                    yield call, errors[0], f"{k}+"
                    continue
                for error in errors:
                    yield call, error, f"{k}"
                    yield call, error, f"{k}+"

    def one(self, job, call, error, when):
        self.desk.reset(self.base)
        after = f"{job} with {error} at {call} {when}"
        said = self.desk.run(*self.jobs()[job], before=strace(call, f"{call}:error={error}:when={when}"))
        self.tried += 1
        if said.died() or said.code is None:
            self.part.wrong(f"{after}: died: exit {said.code}: {said.err.strip()}")
        self.desk.check(self.part, after)
        if job == "backup" and os.path.exists(self.copy):
            complaint = self.desk.complaint("--db", self.copy)
            self.part.expect(not complaint, f"{after}: a copy that is not sound: {complaint}")
        try:
            stored = self.stored(job)
        except sqlite3.Error as why:
            self.part.wrong(f"{after}: unreadable: {why}")
            return
        says_recorded = re.search(r"(?<!nothing )was (recorded|written)", said.err) is not None
        self.done += said.code == 0
        self.refused += said.code != 0 and not stored
        self.told += said.code != 0 and stored and says_recorded
        true = stored if said.code == 0 else stored == says_recorded
        if not true:
            self.false += 1
            self.part.wrong(f"{after}: exit {said.code}, stored: {stored}: {said.err.strip()}")


def syscalls(settings):
    if not can_trace():
        skipped("syscalls", "strace is not there, or not allowed")
        return True
    run = Faults(settings)
    with run.desk:
        for job in run.jobs():
            for fault in spread(run.chance, run.all_faults(job), settings.pick(45, 100_000)):
                run.one(job, *fault)
    return run.part.end(
        f"{run.tried} calls hit: {run.done} done, {run.refused} refused, "
        f"{run.told} recorded and said so with a failure, {run.false} false answers"
    )
