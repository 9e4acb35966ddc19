#!/usr/bin/env python3
"""Times the measurement kernels of Gossan beside rivals doing the same work, in turns (A B C ... A B C), medians.

usage: benchmarks/compare.py [--program build/gossan] [--rounds 9] [--python PYTHON] [--only WORD] [--no-growth] [--write]

One thread each, processor time, so that a machine which is not quite idle does no harm; two threads against one by the clock.
--write puts the tables between the markers of benchmarks/README.md and the plot beside it. Without it they are printed alone.
"""

import os
import statistics
import time
from dataclasses import dataclass, field

from contestants import BUILD, ROOT, Field, race
from growth import growth_plot
from pages import machine, parser, publish

PLOT = ROOT / "benchmarks/growth.svg"

SENSING = (100, 12500, 4)
SMALL = (20, 300, 4)
ENTRIES = (10_000, 10_000_000, 10)
FULL = (20_064, 20_064 * 800, 10)


# What reads data from one end to the other, and what its speed is called.
YARDSTICKS = {"linear-read": "of the read bandwidth", "disk-read": "of the disk's sequential read"}


@dataclass
class Goal:
    text: str
    ours: str  # a kernel
    rival: str  # a label, or one of YARDSTICKS, of which a fraction is asked
    least: float


@dataclass
class Race:
    title: str
    contestants: list
    goals: list = field(default_factory=list)
    rounds: float = 1.0  # as a share of --rounds
    compare: tuple = ()  # labels that the columns of ratios compare with
    clock: str = "cpu_seconds"


def ours(field_of, kernels, size):
    return [each for kernel in kernels for each in field_of.gossan(kernel, size)]


def races(f):
    numpy64, numpy32, torch64, torch32 = "NumPy f64", "NumPy f32", "PyTorch f64", "PyTorch f32"
    stored64 = f.numpy("dense", "float64", SENSING, numpy64)
    stored32 = f.numpy("dense", "float32", SENSING, numpy32)
    read = f.gossan("linear-read")
    yield Race(
        "Dense matrices in double, 100 x 100, 12,500 measurements",
        ours(f, ("dense-packed-f64", "dense-full-f64"), SENSING) + read + stored64 + f.pytorch("dense", "float64", SENSING, torch64)
        + f.cpp("eigen-loop", SENSING, "Eigen, loop") + f.cpp("eigen-gemv", SENSING, "Eigen, two products")
        + f.cpp("naive-dense", SENSING, "plain C++ loop"),
        [Goal("packed f64", "dense-packed-f64", numpy64, 3.5), Goal("packed f64", "dense-packed-f64", torch64, 3.5),
         Goal("packed f64", "dense-packed-f64", "Eigen, loop", 2.3), Goal("packed f64", "dense-packed-f64", "linear-read", 0.70)],
        compare=(numpy64, torch64, "Eigen, loop"))
    low = ("dense-packed-f32", "dense-packed-f16", "dense-packed-bf16", "dense-packed-i8")
    yield Race(
        "Dense matrices in narrower storage, 100 x 100, 12,500 measurements",
        ours(f, (*low, "dense-full-f32"), SENSING) + read + stored32 + f.pytorch("dense", "float32", SENSING, torch32),
        [Goal("packed f32", low[0], numpy32, 3.3), Goal("packed fp16", low[1], numpy32, 6.5), Goal("packed bf16", low[2], numpy32, 6.5),
         Goal("packed int8", low[3], numpy32, 9), Goal("packed f32", low[0], "linear-read", 0.65),
         Goal("packed fp16", low[1], "linear-read", 0.70), Goal("packed bf16", low[2], "linear-read", 0.70)],
        compare=(numpy32, torch32))
    yield Race(
        "Matrices that are never stored, 100 x 100, 12,500 measurements; NumPy stores them",
        ours(f, ("gaussian-ars", "gaussian-philox", "table-ars", "table-philox", "rademacher-ars", "rademacher-philox"), SENSING)
        + stored64,
        [Goal("int8-table Gaussian, ARS", "table-ars", numpy64, 20), Goal("Rademacher, ARS", "rademacher-ars", numpy64, 60),
         Goal("Rademacher, Philox", "rademacher-philox", numpy64, 40)],
        compare=(numpy64,))
    yield Race(
        "Matrices read from disk in every sweep, 100 x 100, 12,500 measurements; by the clock",
        ours(f, ("dense-streamed-f64", "disk-read"), SENSING),
        [Goal("streamed f64", "dense-streamed-f64", "disk-read", 0.80)], clock="seconds")
    yield Race(
        "A whole descent, 20 x 20, 300 measurements, rank 4: one iteration",
        ours(f, ("loop-f64", "loop-f32"), SMALL) + f.numpy("loop", "float64", SMALL, numpy64)
        + f.pytorch("loop", "float64", SMALL, torch64),
        [Goal("whole loop", "loop-f64", numpy64, 3)], compare=(numpy64, torch64))
    yield Race(
        "Entries, 10,000 x 10,000, 10,000,000 of them, rank 10",
        ours(f, ("entries-f64", "entries-f32"), ENTRIES) + f.scipy("float64", ENTRIES, "SciPy f64")
        + f.scipy("float32", ENTRIES, "SciPy f32") + f.pytorch("entries", "float32", ENTRIES, torch32)
        + f.cpp("naive-entries-f64", ENTRIES, "plain sorted C++ loop f64") + f.cpp("naive-entries-f32", ENTRIES, "plain sorted C++ loop f32"),
        [Goal("entries f64", "entries-f64", "SciPy f64", 15), Goal("entries f64", "entries-f64", "plain sorted C++ loop f64", 4),
         Goal("entries f32", "entries-f32", "plain sorted C++ loop f32", 4)],
        rounds=0.4, compare=("SciPy f64", "SciPy f32", "plain sorted C++ loop f64", "plain sorted C++ loop f32"))
    yield Race(
        "Every entry (robust PCA), 20,064 x 800, rank 10",
        ours(f, ("full-f64", "full-f32"), FULL) + f.numpy("full", "float32", FULL, numpy32)
        + f.pytorch("full", "float32", FULL, torch32),
        [Goal("full f32, rank 10", "full-f32", numpy32, 6.5)], compare=(numpy32, torch32))


def time_text(seconds):
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} us"


def rows_of(run, results):
    """The table of one race."""
    compare = [label for label in run.compare if label in results]
    yield f"### {run.title}"
    yield ""
    yield "| | a sweep | half of them within | GB/s | error | " + " ".join(f"x {label} |" for label in compare)
    yield "|---|---|---|---|---|" + "---|" * len(compare)
    for label, each in results.items():
        low, high = each.quartiles
        rate = each.description.get("bytes")
        error = each.description.get("residual_error")
        cells = [f"**{label}**" if label.startswith("gossan") else label, time_text(each.median), f"{time_text(low)} - {time_text(high)}",
                 f"{rate / each.median / 1e9:.1f}" if rate else "", f"{error:.0e}" if error is not None else ""]
        cells += ["" if label == other or label == "gossan linear-read" else f"{results[other].median / each.median:.2f}"
                  for other in compare]
        yield "| " + " | ".join(cells) + " |"
    yield ""


def judged(goal, results):
    """A row of the table of goals, or None where one of the two did not take part."""
    mine = results.get(f"gossan {goal.ours}")
    other = results.get(f"gossan {goal.rival}" if goal.rival in YARDSTICKS else goal.rival)
    if mine is None or other is None:
        return None
    if goal.rival in YARDSTICKS:
        reached = mine.description["bytes"] / mine.median / (other.description["bytes"] / other.median)
        asked, got, what = f">= {goal.least:.0%}", f"{reached:.0%}", YARDSTICKS[goal.rival]
    else:
        reached = other.median / mine.median
        asked, got, what = f">= {goal.least:g}x", f"{reached:.2f}x", f"against {goal.rival}"
    return f"| {goal.text} {what} | {asked} | {got} | {'met' if reached >= goal.least else '**missed**'} |"


def two_threads(f, rounds):
    """One thread against two, by the clock."""
    kernels = {"linear-read": (), "dense-packed-f64": SENSING, "dense-packed-f32": SENSING, "dense-packed-i8": SENSING,
               "rademacher-ars": SENSING, "rank-one": (), "entries-f32": ENTRIES, "full-f32": FULL}
    yield "### Two threads against one"
    yield ""
    yield "| | one | two | ratio | cores that the two threads had |"
    yield "|---|---|---|---|---|"
    goals = []
    for kernel, size in kernels.items():
        results = race(f.gossan(kernel, size, 1, "one") + f.gossan(kernel, size, 2, "two"), rounds, "seconds")
        if len(results) < 2:
            continue
        one, two = results["one"].median, results["two"].median
        yield f"| gossan {kernel} | {time_text(one)} | {time_text(two)} | {one / two:.2f} | {statistics.median(results['two'].cores):.2f} |"
        if kernel.startswith("dense"):
            goals.append(f"| {kernel}, two threads against one | >= 1.7x | {one / two:.2f}x | {'met' if one / two >= 1.7 else '**missed**'} |")
    yield ""
    yield goals


def measure(options):
    f = Field(options.program, options.python)
    body, goals, versions = [], [], {}
    for run in races(f):
        if options.only and options.only not in run.title:
            continue
        print(f"  {run.title} ...", flush=True)
        results = race(run.contestants, max(3, round(run.rounds * options.rounds)), run.clock)
        body += rows_of(run, results)
        goals += filter(None, (judged(goal, results) for goal in run.goals))
        for each in results.values():
            versions |= each.description.get("versions", {})
    cores = len(os.sched_getaffinity(0))
    if cores >= 2 and not options.only:
        print("  two threads ...", flush=True)
        *lines, reached = two_threads(f, options.rounds)
        body, goals = body + lines, goals + reached
    if options.growth:
        print("  growth ...", flush=True)
        (BUILD / "growth.svg").write_text(growth_plot(f))
    head = [f"{machine()}; " + ", ".join(f"{name} {v}" for name, v in versions.items()) + ".", ""]
    return "\n".join(head + ["| goal | asked | reached | |", "|---|---|---|---|"] + goals + [""] + body).rstrip()


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--rounds", default=9, type=int)
    arguments.add_argument("--python", help="the Python of the NumPy and SciPy rivals, instead of a virtual environment's")
    arguments.add_argument("--only", default="", help="races whose title has this in it")
    arguments.add_argument("--no-growth", dest="growth", action="store_false")
    options = arguments.parse_args()
    start = time.monotonic()
    text = measure(options)
    publish(text, "benchmarks/README.md", "kernels", options.write)
    if options.write and options.growth:
        PLOT.write_text((BUILD / "growth.svg").read_text())
    print(f"\n{time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
