"""The fault kit: tries what can go wrong around the program, and says whether it kept its promises.

    python3 tests/faults/kit.py --binary PATH [--short] [--only PART] [--seed N] [--states high]
    python3 tests/faults/kit.py --planted

Each part prints one line. The kit ends with exit 0 where all is as promised, with 1 otherwise. `--planted`
proves the kit itself: it plants defects in copies of the source, and expects the right part to notice each.
"""

import argparse
import sys

# Nothing is left beside the sources.
sys.dont_write_bytecode = True

import damage
import kills
import limits
import planted
import powerloss
import syscalls
import writers
from desk import Settings

PARTS = {
    "kills": kills.kills,
    "terms": kills.terms,
    "syscalls": syscalls.syscalls,
    "full": limits.full,
    "clock": limits.clock,
    "stdout": limits.stdout,
    "writers": writers.writers,
    "powerloss": powerloss.powerloss,
    "damage": damage.damage,
}


def main():
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--binary", help="the program to try")
    parser.add_argument("--short", action="store_true", help="a sample of each part, below a minute in all")
    parser.add_argument("--only", choices=PARTS, action="append", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--seed", type=int, default=1, help="what random choices follow from")
    parser.add_argument("--states", choices=["normal", "high"], default="normal", help="of a power loss")
    parser.add_argument("--planted", action="store_true", help="prove the kit with planted defects")
    asked = parser.parse_args()
    if asked.planted:
        return 0 if planted.all_noticed(PARTS, asked.seed) else 1
    if not asked.binary:
        parser.error("name the program with --binary")
    settings = Settings(asked.binary, asked.short, asked.seed, asked.states)
    kept = [part(settings) for name, part in PARTS.items() if not asked.only or name in asked.only]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
