#!/usr/bin/env python3
"""Writes the texts that fuzzing begins with: python3 tests/fuzz/seeds.py FOLDER

Programs, answers, import files, events and texts of whole files come from the project's own examples and tests, and
from the folder seeds.
"""
import datetime
import json
import os
import sqlite3
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# The place of the reader of whole files among the readers of import files.
WHOLE = 13
DATES = [
    "2026-11-23", "today", "3d", "2w", "monday", "2026-01-01T23:30:00-08:00", "2026-01-01 23:30", "2026-Q1",
    "2026-01", "2026", "1,234.56", "-0.01", "92233720368547758.07", "9223372036854775807", "1e3",
    "|2|19.99", "13.00|2|6.5|USD|0.92|P", "10||||", "|0.5|0.01|KWD|3.1",
]


def main():
    folder = Path(sys.argv[1])

    def write(target, name, content):
        place = folder / target
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)

    programs = [ROOT / "src/domain/program/builtin.toml", ROOT / "tests/suite/every-type.toml"]
    for file in programs + sorted((ROOT / "examples").glob("*.toml")) + sorted(ROOT.glob("tests/manual/*.in/*.toml")):
        write("program", f"{file.parent.name}-{file.name}", file.read_bytes())
        write("answers", f"{file.parent.name}-{file.name}", file.read_bytes())
    write("answers", "every-type.toml", (HERE / "seeds/answers.toml").read_bytes())
    write("answers", "some.json", b'{"segment": "smb", "evidence": {"segment": "seen"}, "revenue": 12.5, "x": null}')
    write("answers", "letter.txt", (ROOT / "examples/announcement.txt").read_bytes())
    for number, content in enumerate((HERE / "seeds/imports.txt").read_bytes().split(b"\n\n")):
        write("imports", f"{number}.csv", bytes([number]) + content.strip() + b"\n")
        write("imports", f"{number}-pieces.csv", bytes([number + 14 * 9]) + content.strip() + b"\n")
    for file in sorted(ROOT.glob("tests/manual/*.in/*.csv")):
        if file.stat().st_size < 2000:
            for which in range(WHOLE):
                write("imports", f"{which}-{file.name}", bytes([which]) + file.read_bytes())
    for number, text in enumerate(DATES):
        write("dates", str(number), text.encode())
    small = (ROOT / "examples/small-program.toml").read_text()
    lines = (HERE / "seeds/events.txt").read_text().splitlines()
    write("events", "history", "\n".join(lines).encode())
    for file in sorted(os.listdir(ROOT / "tests/formats")):
        connection = sqlite3.connect(ROOT / "tests/formats" / file)
        lines += [f"{kind} {body}" for kind, body in connection.execute("select kind, body from event where kind <> 'program'")]
        write("imports", f"whole-{file}", bytes([WHOLE]) + whole(connection, small).encode())
    lines.append("program " + json.dumps({"toml": small}))
    for number, line in enumerate(sorted(set(lines))):
        write("events", str(number), line.encode())


def whole(connection, program):
    """The text of a whole file, with a small program, and with checksums that do not fit it any more."""
    def day(number):
        return str(datetime.date(1970, 1, 1) + datetime.timedelta(days=number))

    lines = [{"chanlife": "file", "version": 1}]
    for one, on, at, actor, words, said, kind, target, first, last, checksum in connection.execute("select * from action"):
        action = {
            "action": one, "recorded_on": day(on), "recorded_at": at, "actor": actor, "words": words, "said": said,
            "kind": kind, "target": target, "checksum": checksum.hex(),
        }
        lines.append(action)
        rows = connection.execute("select * from event where number between ? and ? order by number", (first, last))
        for number, _, partner, on, kind, body in rows:
            event = {"event": number, "partner": partner, "day": day(on), "kind": kind, "body": json.loads(body)}
            if kind == "program":
                event["body"]["toml"] = program
            if kind != "sales":
                lines.append(event)
                continue
            sales = event["body"]
            for at, sold in enumerate(sales["day"]):
                parts = {name: values[at] for name, values in sales.items() if name != "day" and values[at] is not None}
                row = {} if at == 0 else {"row": number}
                lines.append({**event, **row, "event": number + at, "day": sold, "kind": "sold", "body": parts})
    kept = [{key: value for key, value in line.items() if value is not None} for line in lines]
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in kept) + "\n"


if __name__ == "__main__":
    main()
