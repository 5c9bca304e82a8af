"""Power loss: the states of the disk that a power cut may leave, and the same with each sync taken out."""

import itertools
import os
import shlex
import shutil
import sqlite3

from desk import DATABASE, Desk, Part, can_trace, digest, history_csv, scratch, skipped
from disk import SECTOR, Disk
from record import record

COPY = "copy.db"


class Verdict:
    """What was found when the files of a state were opened."""

    def __init__(self, words=None, copied=None, corrupt=None):
        self.words, self.copied, self.corrupt = words or [], copied, corrupt


class Opener:
    """Opens states as they would be found after a power cut; each distinct one once."""

    def __init__(self, desk, settings):
        self.desk, self.settings = desk, settings
        self.verdicts, self.sound = {}, {}
        self.by_binary = 0
        self.folder = scratch()
        self.found = Desk(settings, self.folder)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def open(self, files):
        key = tuple(sorted((name, digest(content)) for name, content in files.items()))
        if key not in self.verdicts:
            self.verdicts[key] = self.verdict(files)
        return self.verdicts[key]

    def verdict(self, files):
        self.found.reset(files)
        verdict = Verdict()
        # The program itself recovers a part of the states; for the rest SQLite alone is quicker.
        if len(self.verdicts) % 50 == 0 and files.get(DATABASE):
            self.found.run("list")
            self.by_binary += 1
        try:
            verdict.words = self.read(DATABASE)
            if COPY in files:
                verdict.copied = self.read(COPY)
        except (sqlite3.Error, ValueError) as why:
            verdict.corrupt = str(why)
        return verdict

    def read(self, name):
        """The words of the actions in a file that is sound; none where it was not made yet."""
        path = self.found.path(name)
        if not os.path.exists(path):
            return []
        connection = sqlite3.connect(path)
        try:
            tables = connection.execute("select count(*) from sqlite_schema").fetchone()[0]
            if tables == 0 and name == DATABASE:
                return []
            found = connection.execute("pragma integrity_check").fetchone()[0]
            if found != "ok":
                raise ValueError(f"{name}: {found}")
            words = [row[0] for row in connection.execute("select words from action order by id")]
        finally:
            connection.close()
        self.check(path)
        return words

    def check(self, path):
        """What came out of recovery is checked by the program; few contents are distinct."""
        with open(path, "rb") as file:
            content = digest(file.read())
        if content not in self.sound:
            self.sound[content] = self.found.complaint("--db", path)
        if self.sound[content]:
            raise ValueError(f"check: {self.sound[content]}")


class Replay:
    """Goes through a record, and looks at the states of the disk on the way."""

    def __init__(self, opener, operations, tried, chance, more):
        self.opener, self.operations, self.tried = opener, operations, tried
        self.chance, self.more = chance, more
        self.states = 0

    def without(self, left_out=None, stop_at_first=False):
        """All that is found wrong where the sync at `left_out` had not happened."""
        disk, acked, wrong = Disk(), [], []
        self.seen = set()
        for at, operation in enumerate(self.operations):
            is_sync = operation[0].startswith("sync")
            if left_out is None or at > left_out:
                thorough = is_sync or operation[0] == "ack"
                for files in self.possible(disk, thorough):
                    self.look(files, acked, at, wrong)
                    if wrong and stop_at_first:
                        return wrong
            if operation[0] == "ack":
                acked.append(operation[1])
            elif at != left_out:
                disk.apply(operation)
        for files in self.possible(disk, True):
            self.look(files, acked, len(self.operations), wrong)
        return wrong

    def possible(self, disk, thorough):
        """States that a power cut may leave now: all of the simple ones, and a choice of the rest."""
        counts = {0, len(disk.pending_names), self.chance.randint(0, len(disk.pending_names))}
        if thorough:
            counts = set(range(len(disk.pending_names) + 1))
        for count in sorted(counts):
            names = disk.names_after(count)
            waiting = sorted(name for name, file in names.items() if file.pending)
            for kept in itertools.product((False, True), repeat=len(waiting)):
                whole = dict(zip(waiting, kept))
                yield disk.state(names, lambda name, sectors: sectors if whole.get(name) else [])
            for _ in range((6 if thorough else 1) * self.more):
                yield disk.state(names, self.torn)
            if thorough:
                yield from self.holes(disk, names, waiting)

    def torn(self, _, sectors):
        """Those up to some write, or each by chance."""
        if not sectors:
            return []
        if self.chance.random() < 0.5:
            last = self.chance.randint(0, sectors[-1][0])
            return [sector for sector in sectors if sector[0] < last]
        return [sector for sector in sectors if self.chance.random() < 0.5]

    def holes(self, disk, names, waiting):
        """All that waits is there but for one sector of a file; other files are whole or as they were."""
        for name in waiting:
            sectors = names[name].sectors()
            holes = range(len(sectors))
            if len(sectors) > 48 * self.more:
                holes = self.chance.sample(holes, 48 * self.more)
            for hole in holes:
                for others in (True, False):
                    yield disk.state(
                        names,
                        lambda other, all_of: all_of[:hole] + all_of[hole + 1:] if other == name
                        else all_of if others else [],
                    )

    def look(self, files, acked, at, wrong):
        key = hash((len(acked), *sorted((name, content) for name, content in files.items())))
        if key in self.seen:
            return
        self.seen.add(key)
        self.states += 1
        verdict = self.opener.open(files)
        where = f"before operation {at} of {len(self.operations)}"
        if verdict.corrupt:
            wrong.append(f"{where}: corrupt: {verdict.corrupt}")
            return
        recorded = [ack for ack in acked if not ack.startswith("copied")]
        if len(verdict.words) < len(recorded):
            wrong.append(f"{where}: lost: {len(recorded)} acknowledged, {len(verdict.words)} there")
        if verdict.words != self.tried[:len(verdict.words)]:
            wrong.append(f"{where}: never tried: {verdict.words}")
        copied = [int(ack.split()[1]) for ack in acked if ack.startswith("copied")]
        if copied and (verdict.copied is None or len(verdict.copied) < copied[-1]):
            wrong.append(f"{where}: the acknowledged copy is not there or lacks actions")
        if verdict.copied is not None and verdict.copied != self.tried[:len(verdict.copied)]:
            wrong.append(f"{where}: the copy holds what was never tried")


def story(desk, notes):
    """The script that is recorded, and the words that it records, in their order."""
    all_words = [("init",), ("add-partner", "Acme")]
    all_words += [("note", "acme", f"note {number}") for number in range(notes)]
    all_words += [("advance", "acme", "--override", "a key account"), ("undo",)]
    if not desk.settings.short:
        all_words.append(("import", "stages", desk.file("h.csv", history_csv(60)), "--complete-history"))
    lines = []
    for words in all_words:
        called = shlex.join([desk.settings.binary, *words])
        lines.append(f"{called} --quiet && echo ok recorded")
    copied = shlex.join([desk.settings.binary, "backup", desk.path(COPY)])
    lines.append(f"{copied} --quiet && echo ok copied {len(all_words)}")
    return "\n".join(lines), [f"chanlife {shlex.join(words)} --quiet" for words in all_words]


def needless(disk, operation):
    """Why a sync guards nothing that was promised, where that follows from what waits for it."""
    temporary = (".chanlife-", ".tmp")
    if operation[0] == "sync folder":
        names = [name for _, name, _ in disk.pending_names]
        if all(name.startswith(temporary) for name in names):
            return "only temporary names wait for it, and a copy counts once it has its own"
        return None
    name = operation[1]
    if name.startswith(temporary) and name.endswith("-journal"):
        return "the journal of a copy that has no name of its own yet, and is made anew after a power cut"
    if name.endswith("-journal") and not disk.names[name].certain and len(disk.names[name].seen) <= SECTOR:
        return "a journal without a page in it: the file was empty, and is as good without its first sync"
    return None


def named(operations, at):
    """Which sync this is, for people."""
    before = sum(operation[0].startswith("sync") for operation in operations[:at])
    acks = sum(operation[0] == "ack" for operation in operations[:at])
    return f"sync {before + 1} ({' '.join(operations[at])}, in command {acks + 1})"


def powerloss(settings):
    part = Part("powerloss")
    if not can_trace():
        skipped("powerloss", "strace is not there, or not allowed")
        return True
    with Desk(settings) as desk:
        script, tried = story(desk, settings.pick(1, 3))
        operations = record(desk, script)
        opener = Opener(desk, settings)
        try:
            return replayed(settings, part, opener, operations, tried)
        finally:
            opener.close()


def replayed(settings, part, opener, operations, tried):
    more = 12 if settings.states == "high" else settings.pick(1, 4)
    replay = Replay(opener, operations, tried, settings.chance("powerloss"), more)
    acks = sum(operation[0] == "ack" for operation in operations)
    part.expect(acks == len(tried) + 1, f"{acks} acknowledgements of {len(tried) + 1} are in the record")
    for wrong in replay.without():
        part.wrong(wrong)
    states = replay.states
    idle, noticed, explained = 0, 0, 0
    disk = Disk()
    for at, operation in enumerate(operations):
        if operation[0].startswith("sync"):
            # A sync for which nothing waits changes no state of the disk, with or without it.
            if not disk.waits(operation):
                idle += 1
            elif replay.without(at, stop_at_first=True):
                noticed += 1
            else:
                why = needless(disk, operation)
                explained += why is not None
                part.expect(why, f"removed and not noticed: {named(operations, at)}")
                if not settings.short and why:
                    print(f"  {named(operations, at)} guards nothing: {why}", flush=True)
        if operation[0] != "ack":
            disk.apply(operation)
    syncs = sum(operation[0].startswith("sync") for operation in operations)
    return part.end(
        f"{len(operations)} operations, {acks} acknowledged, {states} states of the disk, "
        f"{opener.by_binary} opened by the program; syncs {syncs}, removed and noticed {noticed}, "
        f"with nothing that waits for them {idle}, guarding nothing for a reason that is told {explained}"
    )
