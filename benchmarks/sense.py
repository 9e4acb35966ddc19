#!/usr/bin/env python3
"""Measures `gossan sense` with nothing told: success, rank, verdict and error over random instances, and its time beside NumPy.

usage: benchmarks/sense.py [--program build/gossan] [--instances 200] [--write]

Every answer is judged here against the planted truth. Right is: relative error below 1e-3 without noise; with noise at most 1.5 times
that of least squares told the rank and the honest measurements, sigma sqrt(dof / (honest - dof)); above 2 times that is wrong. The rival is the NumPy prototype of
the same recipe, where shared/prototypes lies beside the project; without it that table is left out, and says so. --write puts the
tables between the markers of docs/evidence.md.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded

import numpy as np  # noqa: E402
from pages import ROOT, machine, parser, publish  # noqa: E402

PROTOTYPES = ROOT.parent / "shared/prototypes"
KINDS = ("huge", "moderate", "one-sided", "structured")


def drawn(random, **fixed):
    """Options of a random instance: size, rank, spectrum, number of measurements, share and kind of corruption."""
    rows, rank = fixed.pop("rows", None) or int(random.integers(15, 41)), int(random.integers(1, 6))
    per_number = fixed.pop("per_number", None) or 5 * 4 ** random.uniform()
    options = {
        "rows": rows,
        "rank": rank,
        "condition": 1 if rank == 1 else 100 ** random.uniform(),
        "corrupted": 0.45 * random.uniform(),
        "kind": KINDS[random.integers(4)],
        "seed": int(random.integers(2**31)),
    }
    if fixed.pop("general", False):
        options["cols"] = rows + int(random.integers(0, rows // 2))
    sides = rows + options["cols"] if "cols" in options else rows
    options.update(fixed, measurements=round(per_number * rank * sides))
    return options


def run(program, folder, options):
    """The summary of a recovery, whether it is right, and whether it is wrong: with noise there is something in between."""
    command = [program, "generate", "sense", "--quiet", "--out", folder]
    subprocess.run(command + [f"--{key}={value}" for key, value in options.items()], check=True)
    matrices = folder / ("ensemble.json" if "ensemble" in options else "A.npy")
    command = [program, "sense", matrices, folder / "y.npy", "--truth", folder / "X.npy", "--json", "--out", folder / "out"]
    command += ["--model", "factor-pair" if "cols" in options else "symmetric-factor"]
    summary = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    rows, cols, rank = options["rows"], options.get("cols", 0), options["rank"]
    freedom = rank * (rows + cols - rank) if cols else rank * rows - rank * (rank - 1) / 2
    honest = options["measurements"] * (1 - options["corrupted"])
    error, bound, wrong = summary["truth"]["relative_error"], 1e-3, 1e-3
    if options.get("noise"):
        least_squares = options["noise"] * np.sqrt(freedom / max(honest - freedom, 1))
        bound, wrong = 1.5 * least_squares, 2 * least_squares
    return summary, error < bound, error > wrong


def grid(program, folder, random, count, **fixed):
    counts = {key: 0 for key in ("right", "rank", "trusted right", "doubted right", "trusted wrong")}
    sweeps, flags, scales = [], [], []
    for _ in range(count):
        options = drawn(random, **fixed)
        summary, right, wrong = run(program, folder, options)
        trusted = summary["verdict"] == "trusted"
        counts["right"] += right
        counts["rank"] += right and summary["rank"] == options["rank"]
        counts["trusted right"] += right and trusted
        counts["doubted right"] += right and not trusted
        counts["trusted wrong"] += trusted and wrong
        sweeps.append(summary["sweeps"])
        if right and options.get("noise"):
            honest = ~np.load(folder / "corrupted.npy")
            flags.append((np.sum(np.load(folder / "out/outliers.npy") & honest), np.sum(honest)))
            truth = np.load(folder / "X.npy")
            scales.append(summary["noise_scale"] / (options["noise"] * np.linalg.norm(truth)))
    return counts, np.median(sweeps), flags, scales


def verdict_table(program, count):
    random = np.random.default_rng(2026)
    cells = {
        "symmetric, no noise": {},
        "general, no noise": {"general": True},
        "symmetric, 100 x 100, no noise": {"rows": 100, "ensemble": "rademacher", "per_number": 8},
        "symmetric, 1 % noise": {"noise": 0.01},
        "general, 1 % noise": {"noise": 0.01, "general": True},
        "too few: 1 to 4 a row and rank": {"per_number": None},
        "45 % sign flips": {"kind": "sign-flip", "corrupted": 0.45},
    }
    yield "| instances | | right | of those: rank right | trusted | trusted and wrong | sweeps, median | noise scale / true | honest flagged |"
    yield "|---|---|---|---|---|---|---|---|---|"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, fixed in cells.items():
            instances = max(10, count // 10) if "100 x 100" in title else count
            if title.startswith("too few"):
                totals, all_sweeps = None, []
                for _ in range(instances):
                    counts, sweeps, _, _ = grid(program, folder, random, 1, per_number=4 ** random.uniform())
                    totals = counts if totals is None else {key: totals[key] + counts[key] for key in totals}
                    all_sweeps.append(sweeps)
                counts, sweeps, flags, scales = totals, np.median(all_sweeps), [], []
            else:
                counts, sweeps, flags, scales = grid(program, folder, random, instances, **fixed)
            within = f"{np.min(scales):.2f} to {np.max(scales):.2f}" if scales else ""
            flagged = f"{100 * np.divide(*np.sum(flags, axis=0)):.2g} %" if flags else ""
            yield (f"| {title} | {instances} | {counts['right']} | {counts['rank']} | {counts['trusted right']} | "
                   f"{counts['trusted wrong']} | {sweeps:.0f} | {within} | {flagged} |")


def timing_table(program):
    if not PROTOTYPES.is_dir():
        yield "The NumPy prototype is not beside this project: its times are left out."
        return
    sys.path.insert(0, str(PROTOTYPES))
    import auto3
    import lib

    yield "| order | measurements | Gossan, ms | NumPy, ms | ratio | Gossan, whole process, ms |"
    yield "|---|---|---|---|---|---|"
    for order, per_number, repeats in ((20, 10, 21), (50, 10, 9), (100, 8, 5)):
        count = per_number * order * 3
        ours, theirs, whole = [], [], []
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for seed in range(repeats):
                options = {"rows": order, "rank": 3, "measurements": count, "corrupted": 0.2, "seed": seed}
                command = [program, "generate", "sense", "--quiet", "--out", folder]
                subprocess.run(command + [f"--{key}={value}" for key, value in options.items()], check=True)
                start = time.perf_counter()
                command = [program, "sense", folder / "A.npy", folder / "y.npy", "--json", "--threads", "1", "--out", folder / "out"]
                summary = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
                whole.append(time.perf_counter() - start)
                ours.append(summary["recovery_seconds"])
                operator = lib.Op(order, 1, seed)
                operator.n = count
                A = np.load(folder / "A.npy")
                A = (A + A.transpose(0, 2, 1)) / 2
                operator.M = np.ascontiguousarray(A[:, operator.iu[0], operator.iu[1]] * operator.w)
                y = np.load(folder / "y.npy")
                start = time.perf_counter()
                auto3.auto3(operator, y)
                theirs.append(time.perf_counter() - start)
        ours, theirs, whole = (1e3 * np.median(times) for times in (ours, theirs, whole))
        yield f"| {order} | {count} | {ours:.2f} | {theirs:.1f} | {theirs / ours:.1f} | {whole:.0f} |"


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--instances", default=200, type=int)
    options = arguments.parse_args()
    program = options.program

    lines = [f"{machine()}.", ""]
    lines += [*verdict_table(program, options.instances), "", "One thread, 20 % huge outliers, rank 3, NumPy with one thread:", ""]
    lines += timing_table(program)
    text = "\n".join(lines)
    publish(text, "docs/evidence.md", "sense", options.write)


if __name__ == "__main__":
    main()
