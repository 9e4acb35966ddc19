"""What the benchmarks share: their arguments, the machine in words, and the pages whose tables they rewrite."""

import argparse
import datetime
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def parser(doc):
    arguments = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", default=ROOT / "build/gossan", type=lambda path: Path(path).resolve())
    arguments.add_argument("--write", action="store_true", help="rewrite the tables of the page")
    return arguments


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.machine()


def machine():
    return f"{datetime.date.today()}, {processor()}, {len(os.sched_getaffinity(0))} cores"


def loaded_machine():
    return f"{machine()}, load {os.getloadavg()[0]:.1f} at the start"


# A process starts with the peak of the one that it comes from: it must come from a small one.
SMALL_PARENT = """import os, sys
child = os.spawnvp(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
print()
print(usage.ru_maxrss, os.waitstatus_to_exitcode(status))"""


def measured(*command, accepted=(0, 4)):
    """What a program prints, and the largest memory of its process in MB. Ends the benchmark on an exit code that is not accepted."""
    words = [sys.executable, "-S", "-c", SMALL_PARENT, *(str(word) for word in command)]
    text, _, last = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout.rstrip().rpartition("\n")
    kibibytes, code = map(int, last.split())
    if code not in accepted:
        raise SystemExit(f"{command[0]} ends with {code}")
    return text, kibibytes * 1.024e-3


def publish(text, page, name, write):
    """Prints the text and, with write, puts it between the marks `name: begin` and `name: end` of a page."""
    print(text)
    if not write:
        return
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    file = ROOT / page
    before, rest = file.read_text(encoding="utf-8").split(begin)
    file.write_text(before + begin + "\n" + text + "\n" + end + rest.split(end)[1], encoding="utf-8")
