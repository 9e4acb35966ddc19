#!/usr/bin/env python3
"""Measures how long whole processes take from their start: `gossan --version`, and `gossan sense` of a 20 x 20 matrix.

usage: benchmarks/start.py [--program build/gossan] [--before PROGRAM] [--runs 60] [--write]

Programs take turns, A B A B ..., so that a slow moment of the machine falls on all of them. `true`, a program that does nothing, is what no process
is faster than. --before is a program of another commit, and gives the ratios. --write puts the table between the markers of benchmarks/README.md.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from pages import loaded_machine, parser, publish


def once(command):
    """Milliseconds by the clock and of the processor, from the start of a process until it has ended."""
    nowhere = [(os.POSIX_SPAWN_OPEN, descriptor, "/dev/null", os.O_WRONLY, 0) for descriptor in (1, 2)]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=nowhere)
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{' '.join(command)} ends with {os.waitstatus_to_exitcode(status)}")
    return 1e3 * (time.perf_counter() - start), 1e3 * (usage.ru_utime + usage.ru_stime)


def medians(commands, runs):
    """For each command the medians of both times."""
    times = [[] for _ in commands]
    for _ in range(runs):
        for command, own in zip(commands, times):
            own.append(once(command))
    return [[statistics.median(column) for column in zip(*own)] for own in times]


def rows(program, before, folder, runs):
    generate = [program, "generate", "sense", "--rows", "20", "--seed", "1", "--quiet", "--out", str(folder)]
    once(generate)
    sense = ["sense", str(folder / "A.npy"), str(folder / "y.npy"), "--quiet", "--out", str(folder / "out")]
    programs = [program] + ([before] if before else [])
    for words, name in ((["--version"], "gossan --version"), (sense, "gossan sense, 20 x 20, 1,200 measurements")):
        found = medians([["true"], *([each, *words] for each in programs)], runs)
        nothing, ours = found[:2]
        cells = [f"{nothing[0]:.1f}", f"{ours[0]:.1f}", f"{ours[1]:.1f}"]
        if before:
            theirs = found[2]
            cells += [f"{theirs[0]:.1f}", f"{theirs[1]:.1f}", f"{ours[0] / theirs[0]:.2f}", f"{ours[1] / theirs[1]:.2f}"]
        yield f"| {name} | {' | '.join(cells)} |"


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--before", type=lambda path: str(Path(path).resolve()))
    arguments.add_argument("--runs", default=60, type=int)
    options = arguments.parse_args()

    head = ["process", "`true`", "clock", "processor"]
    if options.before:
        head += ["clock before", "processor before", "ratio by the clock", "ratio of processor time"]
    lines = [f"{loaded_machine()}; medians of {options.runs} runs, in ms.", "", f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    with tempfile.TemporaryDirectory() as folder:
        lines += rows(str(options.program), options.before, Path(folder), options.runs)
    publish("\n".join(lines), "benchmarks/README.md", "start", options.write)
    return 0


if __name__ == "__main__":
    sys.exit(main())
