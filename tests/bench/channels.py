#!/usr/bin/env python3
"""How often `chanlife report intervene` is right, on channels made with a known truth.

    python3 tests/bench/channels.py --generator gen_channel.py --binary target/release/chanlife

The generator (needs numpy) writes events.csv, partners.csv and truth.json for a scenario and a seed. Each channel is
imported into a fresh file and asked; what is said is compared with the truth, and a table is printed:

    first    the lever that is named first is the true one
    clear    how often it is called clear, and how often that is right; the same for likely
    P        how often the 95 % interval of the chance of success within the horizon holds the true one: through the
             stages, and counted over whole histories
    medians  how often the 95 % interval of a stage's median holds the true one
"""
import argparse
import csv
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile

SCENARIOS = ["base", "readiness-slow", "terms-leak", "launch-hidden", "recruit-leak", "balanced"]
STAGES = ["recruitment", "terms", "readiness", "launch"]
AS_OF = "2025-06-30"
HORIZON = "365"


def ask(binary, folder, *words):
    command = [binary, "--db", folder + "/c.db", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def channel(job):
    options, scenario, seed = job
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, options.generator, "--scenario", scenario, "--partners", str(options.partners),
             "--years", str(options.years), "--seed", str(seed), "--as-of", AS_OF, "--revenue-every", "0",
             "--out", folder], stdout=subprocess.DEVNULL, check=True)
        with open(folder + "/partners.csv", encoding="utf-8") as file:
            observed = {row["partner"]: row["observed_from"] for row in csv.DictReader(file)}
        with open(folder + "/events.csv", encoding="utf-8") as file, \
                open(folder + "/joined.csv", "w", encoding="utf-8") as joined:
            joined.write("partner,stage,entered_on,observed_from\n")
            for row in csv.DictReader(file):
                joined.write(f"{row['partner']},{row['stage']},{row['entered_on']},{observed[row['partner']]}\n")
        with open(folder + "/truth.json", encoding="utf-8") as file:
            truth = json.load(file)
        ask(options.binary, folder, "init", "--quiet")
        ask(options.binary, folder, "import", "stages", folder + "/joined.csv", "--observed-from", "observed_from", "-q")
        question = ["--as-of", AS_OF, "--horizon", HORIZON, "--format", "json"]
        said = json.loads(ask(options.binary, folder, "report", "intervene", *question))
        stages = json.loads(ask(options.binary, folder, "report", "velocity", *question))["rows"]
    inside = lambda low, value, high: low is not None and low <= value and (high is None or value <= high)
    p = truth["p_growth_within"][HORIZON]
    medians = {row["stage"]: row for row in stages}
    return scenario, {
        "seed": seed,
        "verdict": said["verdict"],
        "right": [said["first_stage"], said["first_lever"]] == truth["top_lever_by_p_growth"][HORIZON],
        "p": inside(said["p_success_low"], p, said["p_success_high"]),
        "p_observed": inside(said["p_success_observed_low"], p, said["p_success_observed_high"]),
        "medians": [inside(medians[stage]["q50_days_low"], truth["stages"][stage]["dwell_any_exit"]["q50"],
                           medians[stage]["q50_days_high"]) for stage in STAGES],
    }


def share(flags):
    flags = list(flags)
    return f"{100 * sum(flags) / len(flags):5.1f} %" if flags else "      -"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generator", required=True)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--partners", type=int, default=1500)
    parser.add_argument("--years", type=float, default=3.0)
    parser.add_argument("--scenario", action="append", choices=SCENARIOS)
    options = parser.parse_args()
    jobs = [(options, scenario, seed) for scenario in options.scenario or SCENARIOS
            for seed in range(1, options.seeds + 1)]
    results = {}
    with multiprocessing.Pool(os.cpu_count()) as pool:
        for scenario, result in pool.imap_unordered(channel, jobs):
            results.setdefault(scenario, []).append(result)
    print(f"{options.partners} partners, {options.years:g} years, horizon {HORIZON} days, seeds 1 to {options.seeds}")
    print("scenario         runs    first   clear (right)        likely (right)       P        P whole   medians")
    for scenario in options.scenario or SCENARIOS:
        runs = results[scenario]
        verdicts = []
        for verdict in ("clear", "likely"):
            said = [run for run in runs if run["verdict"] == verdict]
            verdicts.append(f"{len(said):4} ({share(run['right'] for run in said)})")
        print(f"{scenario:15} {len(runs):5}  {share(run['right'] for run in runs)}   {verdicts[0]}       {verdicts[1]}"
              f"       {share(run['p'] for run in runs)}  {share(run['p_observed'] for run in runs)}"
              f"   {share(flag for run in runs for flag in run['medians'])}")
        wrong = sorted(run["seed"] for run in runs if run["verdict"] == "clear" and not run["right"])
        if wrong:
            print(f"                clear and wrong: seeds {', '.join(map(str, wrong))}")


if __name__ == "__main__":
    main()
