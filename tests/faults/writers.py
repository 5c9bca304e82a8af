"""Many at once: processes that write to one file while others read it."""

import threading

from desk import Part, Said, small


def writers(settings):
    part = Part("writers")
    count, each = settings.pick((8, 10), (16, 250))
    with small(settings) as desk:
        for writer in range(count):
            desk.ok("add-partner", f"Partner {writer}")
        acked, failed, reads, bad_reads = [], [], [], []
        at_work = threading.Event()
        at_work.set()

        def write(writer):
            for number in range(each):
                text = f"writer {writer} note {number}"
                said = desk.run("note", f"partner-{writer}", text)
                (acked if said.code == 0 else failed).append(text if said.code == 0 else said)

        def read(words):
            while at_work.is_set():
                said = desk.run(*words)
                (reads if said.code == 0 else bad_reads).append(said.code if said.code == 0 else said)

        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(count)]
        readers = [threading.Thread(target=read, args=(words,)) for words in (("report",), ("list",))]
        for thread in [*threads, *readers]:
            thread.start()
        for thread in threads:
            thread.join()
        at_work.clear()
        for thread in readers:
            thread.join()
        first = (failed + bad_reads or [Said(0)])[0]
        such_as = f"such as exit {first.code}: {first.first_line()}"
        part.expect(not failed, f"{len(failed)} writes failed, {such_as}")
        part.expect(not bad_reads, f"{len(bad_reads)} reads failed, {such_as}")
        notes = desk.notes()
        lost = set(acked) - set(notes)
        part.expect(not lost, f"lost {sorted(lost)[:3]}")
        part.expect(len(notes) == len(set(notes)), "notes twice")
        part.expect(len(notes) == len(acked), f"{len(notes)} notes, {len(acked)} acknowledged")
        desk.check(part, "many writers")
    return part.end(
        f"{count} processes x {each} writes, {len(acked)} acknowledged, {len(failed)} failed, "
        f"{len(lost)} lost, {len(reads)} reads beside them, {len(bad_reads)} failed"
    )
