#!/usr/bin/env python3
"""Whether a large file goes through its text form and back with the same bytes in every report.

    python3 tests/bench/round_trip.py --binary target/release/chanlife [--partners 20000]

Makes a channel of so many partners with stages, revenue, certificates, questions, plans and funds, undoes and
corrects some of it, exports it with `export --all`, imports that into a new file, and compares the text, the log, the
list of partners and every report, as JSON, byte by byte. Prints what was compared, and how long and large it was.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time

TODAY = "2026-06-30"
STAGES = ["recruitment", "terms", "readiness", "launch", "growth"]
REPORTS = [
    ["report"], ["report", "pipeline"], ["report", "velocity"], ["report", "stuck"], ["report", "intervene"],
    ["report", "forecast"], ["report", "cohorts"], ["report", "flow"], ["report", "compare", "--by", "type"],
    ["report", "overrides"], ["report", "terms"], ["report", "readiness"], ["report", "funds"],
    ["report", "communication"], ["report", "growth"], ["report", "nonperforming"], ["report", "reporting"],
    ["report", "revenue"], ["report", "pipeline", "--as-of", "2026-01-31"],
    ["report", "pipeline", "--known-on", TODAY], ["list", "--limit", "0"], ["next", "--limit", "0"], ["questions"],
    ["calendar"], ["log", "--limit", "0"], ["check"],
]


def make_files(folder, partners):
    """CSV files of a channel: same bytes every time."""
    chance = random.Random(7)
    day = lambda n: time.strftime("%Y-%m-%d", time.gmtime(1672531200 + 86400 * n))  # from 2023-01-01 on
    names = ["partners", "stages", "revenue", "certifications", "questions", "plans"]
    files = {name: open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8") for name in names}
    files["partners"].write("partner,name,type,tier,region,owner,contact_name,contact_email,stage,since\n")
    files["stages"].write("partner,stage,entered_on\n")
    files["revenue"].write("partner,amount,on,ref,product,customer\n")
    files["certifications"].write("partner,course,person,on\n")
    files["questions"].write("partner,question,on,answer,answered\n")
    files["plans"].write("partner,period,target,agreed-by,on\n")
    for n in range(partners):
        kind = chance.choice(["reseller", "distributor", "msp", "integrator"])
        tier, region = chance.choice(["gold", "silver", ""]), chance.choice(["EMEA", "APAC", "AMER"])
        start = chance.randrange(1000)
        files["partners"].write(
            f"P{n},Partner “{n}” GmbH,{kind},{tier},{region},ana,Zoë {n},zoe@p{n}.example,recruitment,{day(start)}\n")
        at = start
        reached = chance.randrange(5)
        for stage in STAGES[1:reached + 1]:
            at += 1 + int(chance.expovariate(1 / 40))
            if at < 1270:
                files["stages"].write(f"P{n},{stage},{day(at)}\n")
        if reached >= 3:
            for sale in range(chance.randrange(40)):
                on = day(min(1270, at + chance.randrange(200)))
                amount = chance.randrange(1, 900000) / 100
                files["revenue"].write(f"P{n},{amount:.2f},{on},R{n}-{sale},Box,Customer {sale % 3}\n")
        if chance.random() < 0.2:
            files["certifications"].write(f"P{n},sales,Sam {n},{day(min(1270, at))}\n")
            files["questions"].write(f"P{n},Which price for {n}?,{day(1200)},The list price.,{day(1210)}\n")
        if chance.random() < 0.1 and reached >= 4:
            files["plans"].write(f"P{n},2026,{chance.randrange(1, 90) * 1000},Zoë,{day(1100)}\n")
    for file in files.values():
        file.close()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--binary", required=True)
    options.add_argument("--partners", type=int, default=20000)
    options = options.parse_args()

    def run(db, *words, codes=(0,)):
        command = [options.binary, "--db", db, "--today", TODAY, "--actor", "ana", "--no-input", *words]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode not in codes:
            sys.exit(f"{' '.join(command)}: {done.stderr.decode()}")
        return done.stdout

    with tempfile.TemporaryDirectory() as folder:
        one, other, text = (os.path.join(folder, name) for name in ["one.db", "other.db", "all.jsonl"])
        make_files(folder, options.partners)
        run(one, "init")
        csv = lambda name: os.path.join(folder, name + ".csv")
        run(one, "import", "partners", csv("partners"), "--complete-history")
        run(one, "import", "stages", csv("stages"), "--complete-history")
        for name in ["revenue", "certifications", "questions", "plans"]:
            run(one, "import", name, csv(name))
        run(one, "undo")
        run(one, "redo")
        for n in range(0, 50, 2):
            run(one, "note", f"P{n}", f"a \"note\"\\ with tab, {n}")
        run(one, "undo")
        run(one, "merge", "P1", "--into", "P3", "--yes", codes=(0, 4))
        run(one, "remove", "P5", "--reason", "a test")

        began = time.monotonic()
        run(one, "export", "--all", "-o", text)
        exported = time.monotonic()
        run(other, "import", "--all", text)
        imported = time.monotonic()
        with open(text, "rb") as file:
            same = run(other, "export", "--all") == file.read()
        differing = [] if same else ["export --all"]
        for words in REPORTS:
            asked = [*words, "--format", "json"]
            mine, theirs = (run(db, *asked, codes=(0, 1)) for db in (one, other))
            if mine != theirs or not json.loads(mine):
                differing.append(" ".join(words))
        size = lambda path: os.path.getsize(path) / 2**20
        print(
            f"{options.partners} partners, {size(one):.0f} MiB as a file, {size(text):.0f} MiB as text: "
            f"export {exported - began:.1f} s, import {imported - exported:.1f} s; "
            f"{len(REPORTS) + 1} answers compared, differing: {', '.join(differing) or 'none'}")
        sys.exit(bool(differing))


if __name__ == "__main__":
    main()
