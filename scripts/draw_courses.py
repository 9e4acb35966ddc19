#!/usr/bin/env python3
"""The figures of docs/saddle.md, from folders that `gossan reproduce run` has written.

usage: scripts/draw_courses.py FOLDER... --out FILE.svg

A panel a folder: error by step of every line, and dashed the loss, on logarithmic axes.
"""

import argparse
import csv
import json
import math
from pathlib import Path

from plot import COLOURS, Axis, Panel, svg

WIDTH, HEIGHT, LEFT, TOP, GAP = 320, 240, 62, 40, 80


def courses(folder):
    """{line: [(step, error, loss)]}, where both are positive."""
    lines = {}
    with open(folder / "courses.csv", newline="", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            name = ", ".join(filter(None, (row["series"], row["point"])))
            values = int(row["step"]), float(row["error"]), float(row["loss"])
            if values[1] > 0 and values[2] > 0:
                lines.setdefault(name, []).append(values)
    return lines


def panel(at, folder):
    lines = courses(folder)
    left = LEFT + at * (WIDTH + GAP)
    values = [value for course in lines.values() for _, error, loss in course for value in (error, loss)]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    steps = max(course[-1][0] for course in lines.values())
    plot = Panel(left, TOP, WIDTH, HEIGHT, Axis(0, steps, left, left + WIDTH, log=False),
                 Axis(low, high, TOP + HEIGHT, TOP, log=True))
    yield from plot.frame(json.loads((folder / "reproduce.json").read_text(encoding="utf-8"))["name"])
    every = max(1, (high - low) // 6)
    for power in range(low, high + 1, every):
        yield from plot.y_tick(10.0**power, f"1e{power}")
    yield from plot.x_ticks([k * steps // 4 for k in range(5)], str)
    for k, (name, course) in enumerate(lines.items()):
        colour = COLOURS[k % len(COLOURS)]
        yield from plot.line([(step, error) for step, error, _ in course], colour)
        yield from plot.line([(step, loss) for step, _, loss in course], colour, dashed=True)
        yield from plot.below(k, f"{name}: error ends at {course[-1][1]:.1e}, loss (dashed) at {course[-1][2]:.3f}", colour)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--out", required=True, type=Path)
    options = arguments.parse_args()
    body = [line for at, folder in enumerate(options.folders) for line in panel(at, folder)]
    most = max(len(courses(folder)) for folder in options.folders)
    options.out.write_text(svg(LEFT + len(options.folders) * (WIDTH + GAP) - GAP + 30, TOP + HEIGHT + 44 + 16 * most, body),
                           encoding="utf-8")


if __name__ == "__main__":
    main()
