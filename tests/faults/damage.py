"""Damage: bytes, blocks, pages and ends of the file that are not as written, and indexes that lack rows."""

import os
import sqlite3

from desk import Part, with_history

PAGE = 4096


def damaged(chance, sound):
    """The file with one random damage, and what it is."""
    content = bytearray(sound)
    pages = len(content) // PAGE
    kind = chance.choice(["1 byte", "8 bytes", "64 bytes", "zeroed block", "cut off", "swapped pages"])
    if kind.endswith(("byte", "bytes")):
        at = chance.randrange(len(content))
        for offset in range(int(kind.split()[0])):
            # Half of the time side by side, half of the time all over the file.
            place = (at + offset) % len(content) if chance.random() < 0.5 else chance.randrange(len(content))
            content[place] = chance.randrange(256)
    elif kind == "zeroed block":
        at = chance.randrange(pages) * PAGE
        content[at:at + PAGE] = bytes(PAGE)
    elif kind == "cut off":
        del content[chance.randrange(len(content)):]
    else:
        one, other = (page * PAGE for page in chance.sample(range(pages), 2))
        content[one:one + PAGE], content[other:other + PAGE] = \
            content[other:other + PAGE], content[one:one + PAGE]
    return kind, bytes(content)


# What takes the place of an index behind SQLite's back: one that lacks rows, and one that holds other values.
INDEXES = [
    ("event_of_partner", "entries missing", "on event (partner) where number % 3 <> 0"),
    ("event_of_partner", "entries wrong", "on event (partner + 1)"),
    ("reference_name", "entries missing", "on reference (name) where partner < 0"),
    ("reference_name", "entries wrong", "on reference (name || '-x')"),
]


def damage_index(db, index, instead):
    connection = sqlite3.connect(db, isolation_level=None)
    sql = connection.execute("select sql from sqlite_schema where name = ?", [index]).fetchone()[0]
    connection.execute(f"drop index {index}")
    connection.execute(f"create index {index} {instead}")
    connection.execute("pragma writable_schema = on")
    connection.execute("update sqlite_schema set sql = ? where name = ?", [sql, index])
    version = connection.execute("pragma schema_version").fetchone()[0]
    connection.execute(f"pragma schema_version = {version + 1}")
    connection.close()
    connection = sqlite3.connect(db)
    found = connection.execute("pragma integrity_check").fetchone()[0]
    connection.close()
    if "index" not in found:
        raise RuntimeError(f"the index {index} can't be damaged here: {found}")


class Damage:
    def __init__(self, settings):
        self.part = Part("damage")
        self.chance = settings.chance("damage")
        self.desk = with_history(settings)
        self.base = self.desk.snapshot()
        read = (("report",), ("list", "--limit", "0"), ("log", "--limit", "0", "--format", "csv"))
        self.true = {words: self.desk.ok(*words).out for words in read}
        self.found = self.harmless = self.refused = self.written = self.only_check = 0
        self.hangs = self.deaths = self.untrue = 0

    def bounded(self, what, *words):
        said = self.desk.run(*words, timeout=20)
        if said.code is None:
            self.hangs += 1
            self.part.wrong(f"{what}: {words} hangs")
        elif said.died():
            self.deaths += 1
            self.part.wrong(f"{what}: {words} died: exit {said.code}: {said.err.strip()}")
        return said

    def judge(self, what):
        """Reads, checks and writes a damaged file."""
        said = {words: self.bounded(what, *words) for words in self.true}
        clean = not self.bounded(what, "check", "--format", "json").complaint()
        differing = [words for words, one in said.items() if one.code == 0 and one.out != self.true[words]]
        if clean and differing:
            self.untrue += 1
            self.part.wrong(f"{what}: {differing} differ, and check finds nothing")
        self.only_check += bool(differing) and not clean
        self.refused += any(one.code != 0 for one in said.values())
        self.found += not clean
        self.harmless += clean and not differing
        self.written += self.bounded(what, "note", "acme", "after the damage").code == 0 and not clean
        return clean

    def random(self, count):
        sound = self.base[os.path.basename(self.desk.db)]
        for number in range(count):
            self.desk.reset(self.base)
            kind, content = damaged(self.chance, sound)
            with open(self.desk.db, "wb") as out:
                out.write(content)
            self.judge(f"damage {number} ({kind})")

    def indexes(self):
        for index, how, instead in INDEXES:
            self.desk.reset(self.base)
            damage_index(self.desk.db, index, instead)
            if self.judge(f"index {index}, {how}"):
                self.part.wrong(f"index {index}, {how}: check finds nothing")
        return len(INDEXES)


def damage(settings):
    run = Damage(settings)
    with run.desk:
        count = settings.pick(40, 1_000)
        run.random(count)
        indexes = run.indexes()
    return run.part.end(
        f"{count} random damages and {indexes} indexes that lie: {run.found} found by check, "
        f"{run.harmless} without effect, reads refused {run.refused}, "
        f"writes accepted on a damaged file {run.written}, {run.deaths} deaths, {run.hangs} hangs, "
        f"{run.only_check} untrue reports that check warns of, {run.untrue} on a file that check calls sound"
    )
