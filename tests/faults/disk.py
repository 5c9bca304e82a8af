"""A disk that may lose power: what it holds for certain, and what it may hold of all that was not synced."""

SECTOR = 512


class File:
    """The content that is on the disk for certain, that which programs see, and what is between the two."""

    def __init__(self):
        self.certain = b""
        self.seen = bytearray()
        self.pending = []

    def write(self, offset, data):
        offset = len(self.seen) if offset is None else offset
        if len(self.seen) < offset:
            self.seen.extend(bytes(offset - len(self.seen)))
        self.seen[offset:offset + len(data)] = data
        self.pending.append((offset, data))

    def cut(self, length):
        del self.seen[length:]
        self.seen.extend(bytes(length - len(self.seen)))
        self.pending.append((length, None))

    def sync(self):
        self.certain = bytes(self.seen)
        self.pending = []

    def sectors(self):
        """All sectors that wait, as (which pending write, offset, data); a cut is one by itself."""
        found = []
        for number, (offset, data) in enumerate(self.pending):
            if data is None:
                found.append((number, offset, None))
                continue
            at = 0
            while at < len(data):
                # Sectors of the disk, not of the write.
                step = SECTOR - (offset + at) % SECTOR
                found.append((number, offset + at, data[at:at + step]))
                at += step
        return found

    def after(self, sectors):
        """The content with these of the sectors that wait."""
        content = bytearray(self.certain)
        for _, offset, data in sectors:
            if data is None:
                del content[offset:]
                content.extend(bytes(offset - len(content)))
                continue
            if len(content) < offset:
                content.extend(bytes(offset - len(content)))
            content[offset:offset + len(data)] = data
        return bytes(content)


class Disk:
    """A folder of files on such a disk. A sync of a file keeps its content, one of the folder its name."""

    def __init__(self):
        self.names = {}
        self.certain_names = {}
        self.pending_names = []

    def apply(self, operation):
        what, *rest = operation
        if what == "sync folder":
            self.certain_names, self.pending_names = dict(self.names), []
            return
        name = rest[0]
        if what == "open":
            if name not in self.names:
                self.names[name] = File()
                self.pending_names.append(("add", name, self.names[name]))
            elif rest[1]:
                self.names[name].cut(0)
        elif what == "unlink" and name in self.names:
            del self.names[name]
            self.pending_names.append(("remove", name, None))
        elif what in ("rename", "link") and name in self.names:
            file = self.names.pop(name) if what == "rename" else self.names[name]
            self.names[rest[1]] = file
            self.pending_names.append(("move" if what == "rename" else "add", rest[1], file))
        elif what == "write" and name in self.names:
            self.names[name].write(rest[1], rest[2])
        elif what == "cut" and name in self.names:
            self.names[name].cut(rest[1])
        elif what == "sync" and name in self.names:
            self.names[name].sync()

    def waits(self, operation):
        """Whether anything waits for this sync."""
        if operation[0] == "sync folder":
            return bool(self.pending_names)
        return bool(self.names[operation[1]].pending)

    def names_after(self, count):
        """The names where so many of those that wait are on the disk; a disk keeps the order of names."""
        names = dict(self.certain_names)
        for what, name, file in self.pending_names[:count]:
            if what == "remove":
                names.pop(name, None)
                continue
            if what == "move":
                names = {other: held for other, held in names.items() if held is not file}
            names[name] = file
        return names

    def state(self, names, choose):
        """The folder as it would be found; `choose` says which of the sectors that wait a file has."""
        return {name: file.after(choose(name, file.sectors())) for name, file in names.items()}
