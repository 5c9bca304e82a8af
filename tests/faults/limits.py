"""Limits of the machine: a full disk, a limit on sizes, files for reading only, a wrong clock, no output."""

import os
import resource
import signal
import subprocess
import tempfile

from desk import Desk, Part, scratch, skipped, small

LONG_TEXT = "x" * 3000


def mounted(*words):
    """Whether the mount worked; why not is returned otherwise."""
    try:
        tried = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    except OSError as why:
        return str(why)
    return None if tried.returncode == 0 else tried.stderr.strip()


def unmount(folder):
    subprocess.run(["umount", "-l", folder], check=False, capture_output=True)


def all_there(part, desk, acked, after):
    """Reads work, and what was acknowledged is there."""
    for words in (("report",), ("list",), ("log", "acme", "--limit", "0")):
        said = desk.run(*words)
        part.expect(said.code == 0, f"{after}: {' '.join(words)}: exit {said.code}: {said.err.strip()}")
    lost = set(acked) - set(desk.notes())
    part.expect(not lost, f"{after}: lost {len(lost)} of {len(acked)}")


class Full:
    def __init__(self, settings):
        self.settings = settings
        self.part = Part("full")
        self.tried = []

    def full_disk(self):
        folder = tempfile.mkdtemp(prefix="faults-full-")
        why = mounted("-t", "tmpfs", "-o", "size=1m", "tmpfs", folder)
        if why:
            os.rmdir(folder)
            skipped("full", f"no small disk can be mounted: {why}")
            return
        try:
            desk = Desk(self.settings, folder)
            desk.ok("init")
            desk.ok("add-partner", "Acme")
            ballast = desk.path("ballast")
            with open(ballast, "wb") as out:
                out.write(b"0" * 600_000)
            acked, refused = self.notes_until_refused(desk, 5)
            self.part.expect(refused == 5, "the small disk never was full")
            all_there(self.part, desk, acked, "disk full")
            copy = desk.run("backup", desk.path("copy.db"))
            self.part.expect(copy.code != 0, "a backup onto a full disk was acknowledged")
            self.part.expect(not os.path.exists(desk.path("copy.db")), "a part of a backup is left")
            left = [name for name in os.listdir(folder) if name.startswith(".chanlife-")]
            self.part.expect(not left, f"left behind on a full disk: {left}")
            os.unlink(ballast)
            desk.check(self.part, "disk no longer full")
            desk.ok("note", "acme", "after")
            all_there(self.part, desk, [*acked, "after"], "disk no longer full")
            self.tried.append(f"a full disk ({len(acked)} acknowledged, {refused} refused)")
        finally:
            unmount(folder)
            os.rmdir(folder)

    def notes_until_refused(self, desk, times):
        acked, refused = [], 0
        for n in range(400):
            text = f"n{n} {LONG_TEXT}"
            said = desk.run("note", "acme", text)
            self.part.expect(not said.died(), f"disk full: died: {said.code} {said.err}")
            if said.code == 0:
                acked.append(text)
            else:
                refused += 1
                self.part.expect("nothing was recorded" in said.err, f"disk full: {said.err.strip()}")
            if refused == times:
                break
        return acked, refused

    def limit_on_sizes(self, ignored):
        ends = {}
        with small(self.settings) as desk:
            limit = os.path.getsize(desk.db) + 30_000

            def bounded():
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN if ignored else signal.SIG_DFL)

            acked = []
            for n in range(self.settings.pick(12, 25)):
                text = f"n{n} {LONG_TEXT}"
                said = desk.run("note", "acme", text, preexec_fn=bounded, restore_signals=False)
                ends[said.code] = ends.get(said.code, 0) + 1
                if said.code == 0:
                    acked.append(text)
                died = said.code < 0 and (ignored or said.code != -signal.SIGXFSZ)
                alive = not died and "panicked" not in said.err
                self.part.expect(alive, f"limit on sizes: died: {said.code}")
            how = "ignored" if ignored else "not ignored"
            self.part.expect(set(ends) != {0}, f"limit on sizes, signal {how}: never reached")
            all_there(self.part, desk, acked, f"limit on sizes, signal {how}")
            desk.check(self.part, f"limit on sizes, signal {how}")
            desk.ok("note", "acme", "after")
        counts = f"{ends.get(0, 0)} of {sum(ends.values())} acknowledged"
        self.tried.append(f"a limit on sizes, signal {how} ({counts})")

    def only_readable(self):
        folder = scratch()
        desk = Desk(self.settings, folder)
        with desk:
            desk.ok("init")
            desk.ok("add-partner", "Acme")
            desk.ok("note", "acme", "before")
            for what in (folder, desk.db):
                why = mounted("--bind", what, what) or mounted("-o", "remount,ro,bind", what)
                if why:
                    unmount(what)
                    skipped("full", f"nothing can be mounted for reading only: {why}")
                    return
                name = "folder" if what == folder else "file"
                try:
                    said = desk.run("note", "acme", f"into a {name} for reading only")
                    self.part.expect(said.code == 5, f"{name} for reading only: exit {said.code}: {said.err}")
                    all_there(self.part, desk, ["before"], f"{name} for reading only")
                    desk.check(self.part, f"{name} for reading only")
                finally:
                    unmount(what)
                self.part.expect(desk.notes() == ["before"], f"{name} for reading only: {desk.notes()}")
                self.tried.append(f"a {name} for reading only")
            desk.ok("note", "acme", "after")


def full(settings):
    run = Full(settings)
    run.full_disk()
    run.limit_on_sizes(ignored=False)
    run.limit_on_sizes(ignored=True)
    run.only_readable()
    return run.part.end(", ".join(run.tried) or "nothing could be tried")


def clock(settings):
    """A clock that goes back loses nothing, and what was known on a day stays so."""
    part = Part("clock")
    tried = recorded = 0
    with small(settings) as desk:
        for number, today in enumerate(["2026-11-25", "2026-11-20", "2025-01-01", "2199-12-31", "1999-06-01",
                                        "2026-11-24"]):
            env = {"CHANLIFE_TODAY": today}
            before = desk.words()
            for words in (("note", "acme", f"note {number}"), ("add-partner", f"Partner {number}"),
                          ("advance", "acme", "--override", "x"), ("undo",)):
                said = desk.run(*words, env=env)
                tried += 1
                recorded += said.code == 0
                part.expect(said.code in (0, 4), f"{today}: {words}: exit {said.code}: {said.err.strip()}")
                now = desk.words()
                part.expect(now[:len(before)] == before, f"{today}: {words}: earlier actions changed")
                part.expect(len(now) == len(before) + (said.code == 0), f"{today}: {words}: no true answer")
                before = now
            part.expect(not desk.complaint(env=env), f"{today}: check")
            part.expect(desk.run("report", env=env).code == 0, f"{today}: report")
        desk.check(part, "the clock is right again")
    return part.end(f"{tried} writes under 6 clocks, {recorded} recorded, the others refused by a rule")


def stdout(settings):
    """Where the answer can't be written, the exit code and standard error say that it was recorded."""
    part = Part("stdout")
    told = 0
    with small(settings) as desk:
        for number, where in enumerate(["closed", "/dev/full", "pipe"]):
            text = f"note to {where}"
            words = ("note", "acme", text, "--format", "json")
            if where == "closed":
                said = desk.run(*words, before=["sh", "-c", 'exec "$0" "$@" >&-'])
            elif where == "pipe":
                reader, writer = os.pipe()
                os.close(reader)
                said = desk.run(*words, stdout=writer)
                os.close(writer)
            elif not os.path.exists(where):
                skipped("stdout", f"there is no {where}")
                continue
            else:
                with open(where, "wb") as sink:
                    said = desk.run(*words, stdout=sink)
            part.expect(not said.died(), f"{where}: died: {said.code}: {said.err}")
            # An answer that is sent nowhere, or that nobody reads, is no failure.
            codes = (5,) if where == "/dev/full" else (0, 5)
            part.expect(said.code in codes, f"{where}: exit {said.code}: {said.err}")
            spoken = f"action {number + 3} was recorded" in said.err
            part.expect(said.code == 0 or spoken, f"{where}: exit {said.code} without a word: {said.err}")
            told += spoken
            part.expect(text in desk.notes(), f"{where}: not stored")
            desk.check(part, where)
    return part.end(f"3 answers that could not be written, {told} told as recorded with exit 5, none lost")
