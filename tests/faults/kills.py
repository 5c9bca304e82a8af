"""Sudden ends: a kill at any instant and at every file system call, and a polite end amid an import."""

import os
import signal
import time

from desk import Part, calls_made, can_trace, history_csv, known_calls, skipped, small, spread, strace

CALLS = ["pwrite64", "write", "fsync", "fdatasync", "ftruncate", "unlink", "rename", "renameat2", "fcntl"]


class Kills:
    """Kills, and what must hold after each."""

    def __init__(self, settings):
        self.settings = settings
        self.part = Part("kills")
        self.chance = settings.chance("kills")
        self.hit = self.acknowledged = self.lost = self.corrupt = self.number = 0
        self.desk = small(settings)
        self.imported = self.desk.file("history.csv", history_csv(settings.pick(40, 200)))
        self.copy = self.desk.path("copy.db")
        self.base = self.desk.snapshot()
        self.acked, self.tried = [], set()

    def jobs(self):
        return {
            "note": lambda: ("note", "acme", self.next_note()),
            "import": lambda: ("import", "stages", self.imported, "--complete-history"),
            "backup": lambda: ("backup", self.copy),
        }

    def next_note(self):
        self.number += 1
        text = f"note number {self.number}"
        self.tried.add(text)
        return text

    def ended(self, words, code, after):
        """Takes note of how a run ended; all but notes are judged at once and taken back."""
        self.hit += code == -signal.SIGKILL
        self.acknowledged += code == 0
        self.part.expect(code in (0, -signal.SIGKILL), f"{after}: exit {code}")
        if words[0] == "note":
            if code == 0:
                self.acked.append(words[-1])
            return
        self.judge(after)
        if words[0] == "import":
            partners = self.desk.partners()
            whole = 1 + self.settings.pick(40, 200)
            if code == 0 and partners != whole:
                self.lost += 1
                self.part.wrong(f"{after}: the import was acknowledged, and {partners} partners are there")
            self.part.expect(partners in (1, whole), f"{after}: a part of the import: {partners} partners")
        else:
            self.judge_copy(code, after)
        self.desk.reset(self.base)
        self.acked, self.tried = [], set()

    def judge_copy(self, code, after):
        if os.path.exists(self.copy):
            complaint = self.desk.complaint("--db", self.copy)
            self.part.expect(not complaint, f"{after}: a copy that is not sound: {complaint}")
        else:
            self.part.expect(code != 0, f"{after}: the copy was acknowledged and is not there")

    def judge(self, after):
        """The file is sound, and its notes are those acknowledged, and none that was never tried."""
        if not self.desk.check(self.part, after):
            self.corrupt += 1
            return
        notes = self.desk.notes()
        lost = set(self.acked) - set(notes)
        self.lost += len(lost)
        self.part.expect(not lost, f"{after}: lost {sorted(lost)[:3]}")
        self.part.expect(set(notes) <= self.tried, f"{after}: notes that were never tried")
        self.part.expect(len(notes) == len(set(notes)), f"{after}: notes twice")

    def at_random_instants(self, job, hits):
        begun = time.monotonic()
        for _ in range(3):
            words = self.jobs()[job]()
            self.ended(words, self.desk.start(*words).wait(), f"{job} undisturbed")
        takes = (time.monotonic() - begun) / 3
        wanted = self.hit + hits
        since_judged = tries = 0
        while self.hit < wanted and tries < 4 * hits + 20:
            tries += 1
            words = self.jobs()[job]()
            child = self.desk.start(*words)
            time.sleep(self.chance.uniform(0.0, takes))
            child.kill()
            self.ended(words, child.wait(), f"{job} killed at a random instant")
            since_judged += 1
            if job == "note" and since_judged >= 5:
                self.judge("a note killed at a random instant")
                since_judged = 0
        self.judge("the last note killed at a random instant")

    def at_every_call(self, job, at_most):
        usable = known_calls(CALLS)
        made = calls_made(self.desk, usable, *self.jobs()[job]())
        self.desk.reset(self.base)
        self.acked, self.tried = [], set()
        points = [(call, k) for call in usable for k in range(1, made.get(call, 0) + 1)]
        for call, k in spread(self.chance, points, at_most):
            words = self.jobs()[job]()
            before = strace(call, f"{call}:signal=SIGKILL:when={k}")
            after = f"{job} killed at {call} {k}"
            self.ended(words, self.desk.start(*words, before=before).wait(), after)
            if job == "note":
                self.judge(after)


def kills(settings):
    run = Kills(settings)
    with run.desk:
        traced = can_trace()
        if not traced:
            skipped("kills", "strace is not there, or not allowed, so no kill at chosen system calls")
        for job, short, at_calls in (("note", 10, 12), ("import", 4, 10), ("backup", 4, 6)):
            if traced:
                run.at_every_call(job, settings.pick(at_calls, 100_000))
            if settings.short:
                run.at_random_instants(job, short)
        while not settings.short and run.hit < 2_000:
            run.at_random_instants("note", 140)
            run.at_random_instants("import", 20)
            run.at_random_instants("backup", 20)
    return run.part.end(
        f"{run.hit} kills that hit, {run.acknowledged} writes acknowledged, "
        f"{run.lost} lost, {run.corrupt} corrupt"
    )


def terms(settings):
    """A polite end while an import is at work brings all or nothing, and the exit code says which."""
    part = Part("terms")
    chance = settings.chance("terms")
    rows = settings.pick(1500, 3000)
    ends = {}
    with small(settings) as desk:
        file = desk.file("history.csv", history_csv(rows))
        words = ("import", "stages", file, "--complete-history")
        base = desk.snapshot()
        begun = time.monotonic()
        desk.ok(*words)
        takes = time.monotonic() - begun
        for _ in range(settings.pick(5, 60)):
            for name in (signal.SIGTERM, signal.SIGINT):
                desk.reset(base)
                child = desk.start(*words)
                time.sleep(chance.uniform(0.0, takes))
                child.send_signal(name)
                code = child.wait()
                ends[code] = ends.get(code, 0) + 1
                after = f"{name.name}, exit {code}"
                part.expect(code in (0, 130, 143, -name), f"{after}: no end that is promised")
                desk.check(part, after)
                partners = desk.partners()
                part.expect(partners in (1, rows + 1), f"{after}: a part of the import: {partners} partners")
                part.expect(code != 0 or partners > 1, f"{after}: acknowledged, and not there")
                stopped = code in (130, 143)
                part.expect(not stopped or partners == 1, f"{after}: said to be stopped, and is there")
    told = ", ".join(f"{count} x {'signal ' + str(-code) if code < 0 else 'exit ' + str(code)}"
                     for code, count in sorted(ends.items()))
    return part.end(f"{sum(ends.values())} imports asked to stop ({told}), each whole or absent")
