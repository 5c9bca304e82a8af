#!/usr/bin/env python3
"""Writes the texts that fuzzing begins with: python3 tests/fuzz/seeds.py FOLDER

Programs, answers, import files and events come from the project's own examples and tests.
"""
import os
import sqlite3
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATES = [
    "2026-11-23", "today", "3d", "2w", "monday", "2026-01-01T23:30:00-08:00", "2026-01-01 23:30", "2026-Q1",
    "2026-01", "2026", "FY2026", "1,234.56", "-0.01", "9223372036854775807", "1e3", "2026-W07", "2026-H1",
]
HEADERS = [
    "partner,name,type,tier,region,owner,contact_name,contact_email,stage,since\nacme,Acme,msp,,EMEA,ana,A,a@b.example,terms,2025-03-01",
    "partner,stage,entered_on\nGamma,recruitment,2025-01-02\nGamma,declined,2025-02-03",
    "partner,amount,on,period,ref,product,quantity,unit-price,currency,rate\nacme,10,2026-01-02,,r,,,,,\nacme,,,2026-Q1,,P,2,3.5,USD,0.9",
    "partner,period,target,agreed-by,on\nacme,2026,1000,Jane,2026-01-02",
    "partner,what,due,on,owner,period\nacme,call,2026-12-01,2026-01-02,ana,2026",
    "partner,period,on,text\nacme,2026-Q1,2026-04-02,fine",
    "partner,step,on,until,reason\nacme,watch,2026-01-02,,low\nacme,improvement,2026-02-02,2026-05-01,",
    "partner,term,value,on,from,until,by\nacme,margin,12,2026-01-02,,,Jane",
    "partner,course,person,on,email,until,evidence\nacme,sales,Jane,2026-01-02,j@a.example,,x",
    "partner,material,version,on\nacme,documentation-kit,1,2026-01-02",
    "partner,announcement,on,subject,launch-day,answered\nacme,a1,2026-01-02,New,2026-05-01,2026-01-09",
    "partner,question,on,by,owner,answer,answered\nacme,Why?,2026-01-02,Jane,ana,So,2026-01-03",
    "partner,step,on,fund,amount,ref,period,activity,starts,ends,cost\nacme,grant,2026-01-02,mdf,100,,2026-Q1,,,,",
]


def main():
    folder = sys.argv[1]

    def write(target, name, content):
        os.makedirs(os.path.join(folder, target), exist_ok=True)
        with open(os.path.join(folder, target, name), "wb") as out:
            out.write(content)

    def example(name):
        with open(os.path.join(ROOT, name), "rb") as file:
            return file.read()

    for name in ["examples/small-program.toml", "examples/programma-canale.toml", "tests/suite/every-type.toml"]:
        write("program", os.path.basename(name), example(name))
    write("answers", "criteria.toml", example("examples/criteria.toml"))
    write("answers", "some.json", b'{"segment": "smb", "evidence": {"segment": "seen"}, "revenue": 12.5, "x": null}')
    for number, content in enumerate(HEADERS):
        write("imports", f"{number}.csv", bytes([number]) + content.encode() + b"\n")
    for number, text in enumerate(DATES):
        write("dates", str(number), text.encode())
    lines = []
    for file in sorted(os.listdir(os.path.join(ROOT, "tests", "formats"))):
        connection = sqlite3.connect(os.path.join(ROOT, "tests", "formats", file))
        for kind, body in connection.execute("select kind, body from event where kind <> 'program'"):
            lines.append(f"{kind} {body}")
    for number, line in enumerate(sorted(set(lines))):
        write("events", str(number), line.encode())
    write("events", "all", "\n".join(lines).encode())


if __name__ == "__main__":
    main()
