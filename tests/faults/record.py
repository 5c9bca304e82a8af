"""What commands asked of the file system, recorded with strace: writes, cuts, names and syncs, in order."""

import os
import re
import subprocess

CALLS = ("openat,open,creat,write,pwrite64,writev,pwritev,ftruncate,fallocate,lseek,"
         "unlink,unlinkat,rename,renameat,renameat2,link,linkat,fsync,fdatasync")

HEX = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def unhexed(text):
    return bytes.fromhex(text.replace("\\x", ""))


def strings(arguments):
    return [unhexed(found) for found in HEX.findall(arguments)]


def plain(path):
    def read(part):
        return unhexed(part.group(0)).decode("utf-8", "replace")

    return re.sub(r"(?:\\x[0-9a-f]{2})+", read, path).replace(" (deleted)", "")


class Recorder:
    """Reads the lines of strace into operations on the files of one folder.

    An operation is `("open", name, emptied)`, `("write", name, offset, data)`, `("cut", name, length)`,
    `("sync", name)`, `("sync folder",)`, `("unlink", name)`, `("rename", old, new)`, `("link", old, new)` or
    `("ack", text)`; the last is a line `ok TEXT` that the recorded script wrote.
    """

    def __init__(self, folder):
        self.folder = folder
        self.operations = []
        self.unfinished = {}
        self.positions = {}

    def name(self, path):
        """The name of a file of the folder, or nothing."""
        whole = os.path.join(self.folder, path)
        inside = os.path.realpath(os.path.dirname(whole)) == self.folder
        return os.path.basename(whole) if inside else None

    def line(self, line):
        found = re.match(r"(\d+) +(.*)", line)
        if not found:
            return
        process, line = found.groups()
        if "<unfinished" in line:
            self.unfinished[process] = line.split(" <unfinished")[0]
            return
        resumed = re.match(r"<\.\.\. (\w+) resumed>(.*)", line)
        if resumed:
            line = self.unfinished.pop(process, "") + resumed.group(2)
        found = re.match(r"(\w+)\((.*)\) += (-?\d+)(?:<([^>]*)>)?", line)
        if not found or int(found.group(3)) < 0:
            return
        call, arguments, result, opened = found.group(1), found.group(2), int(found.group(3)), found.group(4)
        if call in ("openat", "open", "creat"):
            self.opened(process, arguments, result, plain(opened or ""))
            return
        if call.startswith(("unlink", "rename", "link")):
            self.named(call, [self.name(one.decode()) for one in strings(arguments)])
            return
        file = re.match(r"(\d+)<([^>]*)>", arguments)
        if file:
            self.on_file(process, call, arguments, result, file.group(1), plain(file.group(2)))

    def opened(self, process, arguments, descriptor, path):
        self.positions[process, str(descriptor), path] = None if "O_APPEND" in arguments else 0
        name = self.name(path)
        if name and ("O_CREAT" in arguments or "O_TRUNC" in arguments):
            self.operations.append(("open", name, "O_TRUNC" in arguments))

    def named(self, call, names):
        if call.startswith("unlink") and names[-1]:
            self.operations.append(("unlink", names[-1]))
        elif not call.startswith("unlink") and all(names):
            self.operations.append((call[:4].replace("rena", "rename"), names[0], names[-1]))

    def on_file(self, process, call, arguments, result, descriptor, path):
        if "write" in call and descriptor == "1" and not path.startswith(self.folder):
            for line in b"".join(strings(arguments)).decode("utf-8", "replace").splitlines():
                if line.startswith("ok "):
                    self.operations.append(("ack", line[3:]))
            return
        if call in ("fsync", "fdatasync") and os.path.realpath(path) == self.folder:
            self.operations.append(("sync folder",))
            return
        name = self.name(path)
        if not name:
            return
        key = process, descriptor, path
        if call in ("fsync", "fdatasync"):
            self.operations.append(("sync", name))
        elif call == "lseek":
            self.positions[key] = result if self.positions.get(key, 0) is not None else None
        elif call == "ftruncate":
            self.operations.append(("cut", name, int(arguments.rsplit(",", 1)[1])))
        elif "write" in call:
            data = b"".join(strings(arguments))[:result]
            if call.startswith("p"):
                offset = int(arguments.rsplit(",", 1)[1])
            else:
                offset = self.positions.get(key)
                if offset is not None:
                    self.positions[key] = offset + len(data)
            self.operations.append(("write", name, offset, data))
        elif call == "fallocate":
            raise RuntimeError("a file grew by fallocate, which the record does not know")


def record(desk, script):
    """Runs a shell script in the desk's folder and returns the operations on the files there."""
    recorder = Recorder(os.path.realpath(desk.folder))
    log = desk.folder + ".strace"
    words = ["strace", "-f", "-qq", "-y", "-xx", "-s", "9999999", "-o", log, "-e", f"trace={CALLS}",
             "/bin/sh", "-ec", script]
    try:
        how = {"env": desk.env, "cwd": desk.folder, "capture_output": True, "text": True}
        done = subprocess.run(words, check=False, **how)
        if done.returncode != 0:
            raise RuntimeError(f"the script to record failed: {done.stderr}")
        with open(log, encoding="ascii", errors="replace") as lines:
            for line in lines:
                recorder.line(line.rstrip("\n"))
    finally:
        if os.path.exists(log):
            os.unlink(log)
    return recorder.operations
