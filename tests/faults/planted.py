"""Planted defects: the kit proves itself on copies of the source that each break one promise."""

import contextlib
import io
import os
import shutil
import subprocess
import sys

from desk import Settings

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
TARGET = os.path.join(ROOT, "target", "planted")

# What is planted, where, each text and what takes its place, and the part that must notice.
DEFECTS = [
    ("a skipped sync", "src/store/open.rs", [("pragma synchronous = full;", "pragma synchronous = normal;")],
     "powerloss"),
    ("a deferred transaction", "src/store/mod.rs",
     [("let _turn = open::take_turn(&self.path, self.wait)?;", ""),
      ("TransactionBehavior::Immediate)", "TransactionBehavior::Deferred)")], "writers"),
    ("a swallowed error", "src/store/mod.rs",
     [("if let Err(error) = transaction.commit() {",
       "if let (Err(error), false) = (transaction.commit(), true) {")], "syscalls"),
    ("an unchecked index", "src/store/check.rs",
     [('"pragma integrity_check"', '"pragma quick_check"')], "damage"),
]


def copy_of_the_source(folder):
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if os.path.exists(os.path.join(ROOT, name)):
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            # Without the times of the files, so that a build sees what was planted, and what was taken back.
            shutil.copyfile(os.path.join(ROOT, name), os.path.join(folder, name))


def with_defect(folder, file, replacements):
    """The text of a file with a defect in it."""
    with open(os.path.join(folder, file), encoding="utf-8") as source:
        text = source.read()
    for old, new in replacements:
        if text.count(old) != 1:
            raise SystemExit(f"planted: `{old}` is {text.count(old)} times in {file}, not once")
        text = text.replace(old, new)
    return text


def build(folder):
    """Builds what is in the folder; what it depends on is built once for all."""
    words = ["cargo", "build", "--quiet", "--bin", "chanlife", "--message-format", "short", "--jobs", "2"]
    env = os.environ | {"CARGO_TARGET_DIR": TARGET}
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"planted: it can't be built:\n{done.stderr}")
    built = []
    for place, _, names in os.walk(TARGET):
        if "chanlife" in names and os.path.basename(place) == "debug":
            built.append(os.path.join(place, "chanlife"))
    return max(built, key=os.path.getmtime)


def complains(part, binary, seed):
    """Whether a part sees a broken promise; what it says goes to standard error."""
    heard = io.StringIO()
    with contextlib.redirect_stdout(heard), contextlib.redirect_stderr(heard):
        kept = part(Settings(binary, True, seed))
    print("  " + heard.getvalue().strip().replace("\n", "\n  "), file=sys.stderr, flush=True)
    return not kept


def all_noticed(parts, seed):
    folder = os.path.join(TARGET, "source")
    for _, file, replacements, _ in DEFECTS:
        with_defect(ROOT, file, replacements)
    all_so = True
    # What complains of the source as it is would prove nothing.
    for name, file, replacements, part in [("nothing", None, [], part) for *_, part in DEFECTS] + DEFECTS:
        shutil.rmtree(folder, ignore_errors=True)
        copy_of_the_source(folder)
        if file:
            planted = with_defect(folder, file, replacements)
            with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
                out.write(planted)
        noticed = complains(parts[part], build(folder), seed)
        all_so &= noticed == (file is not None)
        if file:
            print(f"planted {name}: {'noticed' if noticed else 'NOT NOTICED'} by {part}", flush=True)
        else:
            print(f"planted {name}: {'A COMPLAINT' if noticed else 'no complaint'} by {part}", flush=True)
    return all_so
