"""A desk to work at: a folder with a file of its own, the binary, and what every part of the kit needs."""

import hashlib
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

TODAY = "2026-11-23"
DATABASE = "channel.db"


class Said:
    """How a run ended, and what it said."""

    def __init__(self, code, out=b"", err=b""):
        self.code = code
        self.out = out.decode("utf-8", "replace") if out else ""
        self.err = err.decode("utf-8", "replace") if err else ""

    def died(self):
        """Whether it panicked or was ended by a signal."""
        return self.code < 0 or "panicked" in self.err

    def complaint(self):
        """What `check`, asked for JSON, found in the file; nothing where it is sound, wherever it lies."""
        try:
            found = [row for row in json.loads(self.out)["rows"] if row["part"] != "place"]
        except (TypeError, ValueError):
            found = [f"exit {self.code}: {self.err}"]
        return "; ".join(str(one) for one in found)

    def first_line(self):
        lines = self.err.strip().splitlines()
        return lines[0] if lines else ""


class Part:
    """What one part of the kit counted, and the promises that it saw broken."""

    def __init__(self, name):
        self.name = name
        self.broken = []
        self.begun = time.monotonic()

    def wrong(self, what):
        self.broken.append(what)

    def expect(self, holds, what):
        if not holds:
            self.wrong(what)
        return holds

    def end(self, summary):
        """Prints the one line of this part; what is broken goes to standard error."""
        verdict = "as promised" if not self.broken else f"{len(self.broken)} BROKEN PROMISES"
        print(f"{self.name}: {summary}; {verdict} ({time.monotonic() - self.begun:.0f} s)", flush=True)
        for what in self.broken[:8]:
            print(f"  {self.name}: {what}", file=sys.stderr, flush=True)
        return not self.broken


class Settings:
    """What the kit was asked for."""

    def __init__(self, binary, short, seed, states="normal"):
        self.binary = os.path.realpath(binary)
        self.short = short
        self.seed = seed
        self.states = states

    def chance(self, name):
        """Random numbers that depend on the seed and the part, and on nothing else."""
        return random.Random(f"{self.seed} {name}")

    def pick(self, short, long):
        return short if self.short else long


def skipped(part, why):
    """Says loudly that something could not be tried here."""
    print(f"{part}: SKIPPED: {why}", file=sys.stderr, flush=True)


def can_trace():
    """Whether strace is there and may do its work, which some machines forbid."""
    if shutil.which("strace") is None:
        return False
    tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return tried.returncode == 0


def scratch(prefix="faults-"):
    """A new folder, in memory where there is such a place, so that thousands of runs are quick."""
    place = "/dev/shm" if os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK) else None
    return tempfile.mkdtemp(prefix=prefix, dir=place)


class Desk:
    def __init__(self, settings, folder=None):
        self.settings = settings
        self.folder = folder or scratch()
        self.db = os.path.join(self.folder, DATABASE)
        self.env = {
            "HOME": self.folder,
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "CHANLIFE_DB": self.db,
            "CHANLIFE_TODAY": TODAY,
            "CHANLIFE_ACTOR": "ana",
            "CHANLIFE_NO_INPUT": "true",
        }

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def file(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)
        return self.path(name)

    def start(self, *words, before=(), env=None, **how):
        how.setdefault("stdout", subprocess.DEVNULL)
        how.setdefault("stderr", subprocess.DEVNULL)
        return subprocess.Popen(
            [*before, self.settings.binary, *words],
            env=self.env | (env or {}),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            **how,
        )

    def run(self, *words, before=(), env=None, timeout=120, **how):
        how.setdefault("stdout", subprocess.PIPE)
        how.setdefault("stderr", subprocess.PIPE)
        child = self.start(*words, before=before, env=env, **how)
        try:
            out, err = child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            return Said(None)
        return Said(child.returncode, out, err)

    def ok(self, *words, **how):
        said = self.run(*words, **how)
        if said.code != 0:
            raise RuntimeError(f"chanlife {' '.join(words)}: exit {said.code}: {said.err.strip()}")
        return said

    def complaint(self, *words, **how):
        """What `check` finds in a file; nothing where it is sound, wherever it lies."""
        return self.run("check", "--format", "json", *words, **how).complaint()

    def check(self, part, after):
        """The file must be sound."""
        complaint = self.complaint()
        return part.expect(not complaint, f"{after}: check: {complaint}")

    def words(self, db=None):
        """The words of all recorded actions, in their order. What is in the way is raised."""
        connection = sqlite3.connect(db or self.db, timeout=20)
        try:
            return [row[0] for row in connection.execute("select words from action order by id")]
        finally:
            connection.close()

    def notes(self):
        """The texts of all notes."""
        connection = sqlite3.connect(self.db, timeout=20)
        try:
            query = "select body ->> '$.text' from event where kind = 'noted' order by number"
            return [row[0] for row in connection.execute(query)]
        finally:
            connection.close()

    def partners(self):
        connection = sqlite3.connect(self.db, timeout=20)
        try:
            return connection.execute("select count(*) from partner").fetchone()[0]
        finally:
            connection.close()

    def snapshot(self):
        """What is in the folder, to go back to."""
        kept = {}
        for name in os.listdir(self.folder):
            if os.path.isfile(self.path(name)):
                with open(self.path(name), "rb") as file:
                    kept[name] = file.read()
        return kept

    def reset(self, kept):
        for name in os.listdir(self.folder):
            if name not in kept:
                os.unlink(self.path(name))
        for name, content in kept.items():
            with open(self.path(name), "wb") as out:
                out.write(content)


def history_csv(partners, prefix="P"):
    """A stage history of so many partners."""
    rows = "".join(
        f"{prefix}{n},recruitment,2025-01-{n % 28 + 1:02}\n{prefix}{n},terms,2025-03-{n % 28 + 1:02}\n"
        for n in range(partners)
    )
    return "partner,stage,entered_on\n" + rows


def small(settings):
    """A desk with the built-in program and one partner."""
    desk = Desk(settings)
    desk.ok("init")
    desk.ok("add-partner", "Acme")
    return desk


def with_history(settings):
    """A desk with partners, moves, milestones, sales, notes, and an undo."""
    desk = small(settings)
    desk.ok("import", "stages", desk.file("history.csv", history_csv(30)), "--complete-history")
    desk.ok("edit", "acme", "--ref", "crm-1")
    desk.ok("done", "acme", "profile-match")
    desk.ok("advance", "acme", "--override", "a key account")
    for n in range(12):
        desk.ok("note", f"p{n}", f"note {n} " + "with some words " * (n % 5))
    for n in range(6):
        desk.ok("revenue", "add", f"p{n}", str(1000 + n), "--on", "2026-05-04", "--ref", f"R-{n}")
    desk.ok("undo")
    os.unlink(desk.path("history.csv"))
    return desk


def strace(calls, inject=None, log="/dev/null"):
    before = ["strace", "-f", "-qq", "-o", log, "-e", f"trace={calls}"]
    return before + (["-e", f"inject={inject}"] if inject else [])


def calls_made(desk, calls, *words):
    """How often each of these calls is made by the busiest thread of a run, which is how strace counts."""
    log = desk.path("calls.log")
    desk.ok(*words, before=strace(",".join(calls), log=log))
    made = {}
    with open(log, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = re.match(r"(\d+) +(\w+)\(", line)
            if found:
                thread = made.setdefault(found.group(2), {})
                thread[found.group(1)] = thread.get(found.group(1), 0) + 1
    os.unlink(log)
    return {call: max(threads.values()) for call, threads in made.items()}


def known_calls(calls):
    """Those that this machine has; some kinds of processors lack the older ones."""
    usable = []
    for call in calls:
        tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "true"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        if tried.returncode == 0:
            usable.append(call)
    return usable


def spread(chance, items, at_most):
    """All of them, or a random choice in their order."""
    items = list(items)
    if len(items) <= at_most:
        return items
    return [items[at] for at in sorted(chance.sample(range(len(items)), at_most))]


def digest(content):
    return hashlib.sha256(content).hexdigest()
