#!/usr/bin/env python3
"""Whether `chanlife report growth` says what a computation of its own in another language says, on generated channels.

    python3 tests/bench/growth.py --generator gen_channel.py --binary target/release/chanlife

The generator (needs numpy) writes events.csv, partners.csv and revenue.csv. Revenue of twelve months by partner, the
share of the top fifth, the partners that make 80 %, and the incidence of the first revenue with leaving as competing
exit (Aalen and Johansen, 1978) are computed here from the files, and compared with the JSON of the report.
"""
import argparse
import csv
import datetime
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from fractions import Fraction

AS_OF = datetime.date(2025, 6, 30)
LEFT = {"declined", "withdrew", "terminated"}


def ask(binary, folder, *words):
    command = [binary, "--db", folder + "/c.db", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def rows(folder, name):
    with open(f"{folder}/{name}.csv", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def minor(amount):
    return int(Fraction(amount) * 100)


def compute(folder):
    """What the files say, without chanlife."""
    observed = {row["partner"]: datetime.date.fromisoformat(row["observed_from"]) for row in rows(folder, "partners")}
    visits, sales = defaultdict(list), defaultdict(list)
    for row in rows(folder, "events"):
        day = datetime.date.fromisoformat(row["entered_on"])
        if day <= AS_OF:
            visits[row["partner"]].append((day, row["stage"]))
    for row in rows(folder, "sales"):
        day = datetime.date.fromisoformat(row["on"])
        if day <= AS_OF:
            sales[row["partner"]].append((day, minor(row["amount"])))
    year_ago = AS_OF.replace(year=AS_OF.year - 1)
    twelve = {partner: sum(a for d, a in all_ if d > year_ago) for partner, all_ in sales.items()}
    positive = sorted((a for a in twelve.values() if a > 0), reverse=True)
    total, so_far, makers = sum(positive), 0, 0
    while so_far * 5 < total * 4:
        so_far, makers = so_far + positive[makers], makers + 1
    top = sum(positive[: -(-len(positive) // 5)]) / total
    # Days from the first entry to the first revenue, to leaving before it, or to the end.
    ends, late_from, unknown = [], {}, False
    for partner, all_ in visits.items():
        first_day, first_stage = all_[0]
        came_late = observed[partner] > first_day
        began = first_stage == "recruitment" or not came_late
        unknown = unknown or (came_late and not began)
        ends.append((partner, first_day, came_late, began))
    spells = []
    for partner, first_day, came_late, began in ends:
        if not began or (unknown and came_late):
            continue
        left = next((d for d, s in visits[partner] if s in LEFT), None)
        sold = next((d for d, a in sorted(sales[partner], key=lambda x: x[0]) if a > 0), None)
        if sold is not None and (left is None or sold <= left):
            days, cause = max((sold - first_day).days, 0), 0
        elif left is not None:
            days, cause = (left - first_day).days, 1
        else:
            days, cause = (AS_OF - first_day).days, None
        since = (observed[partner] - first_day).days + 1 if came_late else 0
        if since <= days:
            spells.append((since, days, cause))
    incidence, survival, at = 0.0, 1.0, {}
    for day in range(0, 731):
        at_risk = sum(1 for since, days, _ in spells if since <= day <= days)
        first = sum(1 for _, days, cause in spells if days == day and cause == 0)
        gone = sum(1 for _, days, cause in spells if days == day and cause is not None)
        if at_risk:
            incidence += survival * first / at_risk
            survival *= 1 - gone / at_risk
        at[day] = incidence
    return {"twelve": twelve, "top": top, "makers": makers, "total": sum(twelve.values()), "spells": len(spells),
            "reached": sum(1 for s in spells if s[2] == 0), "at": at}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generator", required=True)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--partners", type=int, default=800)
    parser.add_argument("--seeds", type=int, default=10)
    options = parser.parse_args()
    worst, figures = 0.0, 0
    for seed in range(1, options.seeds + 1):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, options.generator, "--scenario", "base", "--partners", str(options.partners), "--years",
                 "3", "--seed", str(seed), "--as-of", str(AS_OF), "--out", folder], stdout=subprocess.DEVNULL, check=True)
            observed = {row["partner"]: row["observed_from"] for row in rows(folder, "partners")}
            with open(folder + "/joined.csv", "w", encoding="utf-8") as joined:
                joined.write("partner,stage,entered_on,observed_from\n")
                for row in rows(folder, "events"):
                    joined.write(f"{row['partner']},{row['stage']},{row['entered_on']},{observed[row['partner']]}\n")
            with open(folder + "/sales.csv", "w", encoding="utf-8") as sales:
                sales.write("partner,on,amount\n")
                for row in rows(folder, "revenue"):
                    values = list(row.values())
                    day = row.get("on") or row.get("date") or row.get("period_end") or values[1]
                    sales.write(f"{row['partner']},{day},{row['amount']}\n")
            ask(options.binary, folder, "init", "--quiet")
            ask(options.binary, folder, "import", "stages", folder + "/joined.csv", "--observed-from", "observed_from", "-q")
            ask(options.binary, folder, "import", "revenue", folder + "/sales.csv", "-q")
            said = json.loads(ask(options.binary, folder, "report", "growth", "--as-of", str(AS_OF), "--format", "json"))
            own = compute(folder)
            by_partner = {row["partner"]: row["revenue_12m"] for row in said["rows"]}
            for partner, amount in own["twelve"].items():
                got = round(by_partner.get(partner.lower(), 0) * 100)
                assert got == amount, (seed, partner, got, amount)
            assert round(said["revenue_12m"] * 100) == own["total"], (seed, said["revenue_12m"], own["total"])
            assert said["partners_that_make_80_percent"] == own["makers"], (seed, own["makers"])
            first = said["time_to_revenue"][0]
            assert (first["partners"], first["reached"]) == (own["spells"], own["reached"]), (seed, first, own["spells"])
            differences = [abs(said["share_of_top_fifth"] - own["top"])]
            differences += [abs(first[f"p_{t}d"] - own["at"][t]) for t in (90, 180, 365, 730) if first[f"p_{t}d"] is not None]
            worst, figures = max(worst, *differences), figures + len(differences) + len(own["twelve"]) + 4
            print(f"seed {seed}: {len(own['twelve'])} partners with revenue, largest difference {max(differences):.1e}")
    print(f"{figures} figures agree; the largest difference of a share is {worst:.1e}")
    return 0 if worst < 1e-9 else 1


if __name__ == "__main__":
    sys.exit(main())
