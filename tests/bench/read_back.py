"""Reads calendars and messages back, strictly, and prints what they say as JSON. Any complaint ends it with 1.

    python3 tests/bench/read_back.py FILE.ics FILE.eml ...

Messages are read by Python's own `email` package, which collects what is wrong in `defects`. Calendars are read by a
small strict reader here (RFC 5545), and by the package `icalendar` too where it is installed.
"""

import datetime
import email
import email.policy
import json
import re
import sys


def complain(path, what):
    sys.exit(f"{path}: {what}")


def read_message(path):
    raw = open(path, "rb").read()
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        complain(path, "a line does not end with CRLF")
    if any(len(line) > 998 for line in raw.split(b"\r\n")):
        complain(path, "a line is longer than 998 octets")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    defects = list(message.defects)
    for part in message.walk():
        defects += part.defects
    for name, value in message.items():
        defects += value.defects
    if defects:
        complain(path, defects)
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version"):
        if len(message.get_all(name, [])) != 1:
            complain(path, f"{name} stands {len(message.get_all(name, []))} times")
    mailbox = lambda header: [[one.display_name, one.addr_spec] for one in message[header].addresses]
    return {
        "from": mailbox("From"),
        "to": mailbox("To"),
        "subject": str(message["Subject"]),
        "date": message["Date"].datetime.isoformat(),
        "message_id": str(message["Message-ID"]),
        "unsent": str(message["X-Unsent"]),
        "body": message.get_content().replace("\r\n", "\n"),
    }


def unescape(text, path):
    def one(match):
        if match.group(1) not in "\\;,nN":
            complain(path, f"\\{match.group(1)} is no escape")
        return "\n" if match.group(1) in "nN" else match.group(1)

    if re.search(r"(?<!\\)(?:\\\\)*[;,]", text):
        complain(path, f"a comma or semicolon is not escaped: {text}")
    return re.sub(r"\\(.)", one, text)


def read_calendar(path):
    raw = open(path, "rb").read()
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw) or not raw.endswith(b"\r\n"):
        complain(path, "a line does not end with CRLF")
    if any(len(line) > 75 for line in raw.split(b"\r\n")):
        complain(path, "a line is longer than 75 octets")
    lines = raw.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]
    stack, events, uids = [], [], set()
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            complain(path, f"no colon: {line}")
        if name == "BEGIN":
            stack.append((value, {}))
        elif name == "END":
            kind, parts = stack.pop()
            if kind != value:
                complain(path, f"{kind} ends as {value}")
            if kind == "VEVENT":
                events.append(parts)
        elif stack[-1][1].setdefault(name, value) is not value:
            complain(path, f"{name} stands twice")
        if name == "END" and value == "VCALENDAR" and stack == []:
            if parts.get("VERSION") != "2.0" or not parts.get("PRODID"):
                complain(path, "no VERSION or PRODID")
    if stack:
        complain(path, "something does not end")
    read = []
    for event in events:
        day = lambda key: datetime.datetime.strptime(event[f"{key};VALUE=DATE"], "%Y%m%d").date()
        if day("DTEND") - day("DTSTART") != datetime.timedelta(days=1):
            complain(path, f"{event} does not last a day")
        datetime.datetime.strptime(event["DTSTAMP"], "%Y%m%dT%H%M%SZ")
        if event["UID"] in uids:
            complain(path, f"{event['UID']} stands twice")
        uids.add(event["UID"])
        text = lambda key: unescape(event[key], path)
        read.append(
            {
                "uid": text("UID"),
                "day": day("DTSTART").isoformat(),
                "sequence": int(event["SEQUENCE"]),
                "summary": text("SUMMARY"),
                "description": text("DESCRIPTION"),
                "category": event["CATEGORIES"],
            }
        )
    compare_with_package(path, raw, read)
    return read


def compare_with_package(path, raw, read):
    try:
        import icalendar
    except ImportError:
        print("note: the package icalendar is not installed; calendars are read by the strict reader alone", file=sys.stderr)
        return
    calendar = icalendar.Calendar.from_ical(raw)
    found = calendar.walk("VEVENT")
    if any(one.errors for one in calendar.walk()):
        complain(path, [one.errors for one in calendar.walk()])
    if len(found) != len(read):
        complain(path, f"the package finds {len(found)} events, not {len(read)}")
    for ours, theirs in zip(read, found):
        said = {
            "uid": str(theirs["UID"]),
            "day": theirs.decoded("DTSTART").isoformat(),
            "sequence": int(theirs["SEQUENCE"]),
            "summary": str(theirs["SUMMARY"]),
            "description": str(theirs["DESCRIPTION"]),
            "category": theirs["CATEGORIES"].to_ical().decode(),
        }
        if said != ours or theirs.decoded("DTEND") - theirs.decoded("DTSTART") != datetime.timedelta(days=1):
            complain(path, f"the package reads {said}, not {ours}")


if __name__ == "__main__":
    everything = {path: read_calendar(path) if path.endswith(".ics") else read_message(path) for path in sys.argv[1:]}
    json.dump(everything, sys.stdout, ensure_ascii=True, indent=1)
