"""What the benchmarks share: their arguments, the machine in words, and the pages whose tables they rewrite."""

import argparse
import datetime
import os
import platform
import subprocess
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


def measured(*command):
    """What a program prints, and the largest memory of its process in MB."""
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if not text:
        raise SystemExit(f"{command[0]} ends with {os.waitstatus_to_exitcode(status)} and no answer")
    return text, usage.ru_maxrss / 1e3


def publish(text, page, name, write):
    """Prints the text and, with write, puts it between the marks `name: begin` and `name: end` of a page."""
    print(text)
    if not write:
        return
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    file = ROOT / page
    before, rest = file.read_text(encoding="utf-8").split(begin)
    file.write_text(before + begin + "\n" + text + "\n" + end + rest.split(end)[1], encoding="utf-8")
