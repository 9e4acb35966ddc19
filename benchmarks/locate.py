#!/usr/bin/env python3
"""Times `gossan locate` on the demo's world beside two rivals: whole processes, wall time, interleaved, medians.

usage: benchmarks/locate.py [--program build/gossan] [--repeats 5] [--write]

Every answer is judged here by one yardstick: rigid alignment with the true cities (refitted on the half that agrees best), then the
great-circle distance of each city from its true place. --write puts the table between the markers of benchmarks/README.md.
"""

import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from pages import ROOT, machine, parser, publish

CITIES = ROOT / "examples/world/cities.csv"
RIVALS = ROOT / "benchmarks/rivals"
RADIUS = 6371.0


def true_points():
    with open(CITIES, newline="", encoding="utf-8") as file:
        latitude, longitude = np.radians([[float(row["latitude"]), float(row["longitude"])] for row in csv.DictReader(file)]).T
    return RADIUS * np.c_[np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)]


def moved_onto(points, truth, rows):
    """`points` after the rigid motion, reflections included, that fits `rows` best."""
    centre, true_centre = points[rows].mean(0), truth[rows].mean(0)
    left, _, right = np.linalg.svd((points[rows] - centre).T @ (truth[rows] - true_centre))
    return (points - centre) @ (left @ right) + true_centre


def errors_km(points, truth):
    if points.shape != truth.shape or not np.isfinite(points).all():
        return np.full(len(truth), np.nan)
    aligned = moved_onto(points, truth, np.arange(len(truth)))
    near = np.argsort(np.linalg.norm(aligned - truth, axis=1))[: len(truth) // 2]
    aligned = moved_onto(points, truth, near)
    aligned *= RADIUS / np.linalg.norm(aligned, axis=1, keepdims=True)
    return 2 * RADIUS * np.arcsin(np.minimum(np.linalg.norm(aligned - truth, axis=1) / (2 * RADIUS), 1))


def contestants(program, distances, folder):
    """name -> (command, file of its points, what it was told)"""
    return {
        "gossan locate": ([program, "locate", distances, "--metric", "great-circle", "--quiet", "--out", folder / "gossan"],
                          folder / "gossan/U.npy", "nothing"),
        "SciPy least_squares, one call": ([sys.executable, RIVALS / "scipy_least_squares.py", distances, folder / "one.npy"],
                                          folder / "one.npy", "rank, noise"),
        "SciPy least_squares, five scales": ([sys.executable, RIVALS / "scipy_least_squares.py", distances, folder / "five.npy",
                                              "--staged"], folder / "five.npy", "rank, noise, scales"),
        "NumPy sub-gradient": ([sys.executable, RIVALS / "numpy_subgradient.py", distances, folder / "sub.npy"],
                               folder / "sub.npy", "rank"),
    }


def table(seconds, told, errors):
    yield f"{machine()}, seed 7, 30 % of pairs, 30 % lies."
    yield ""
    yield "| | told | seconds | median error, km | 99 % within, km |"
    yield "|---|---|---|---|---|"
    for name, times in seconds.items():
        median, p99 = np.median(errors[name]), np.quantile(errors[name], 0.99)
        yield f"| {name} | {told[name]} | {np.median(times):.2f} | {median:.2g} | {p99:.2g} |"


def measure(program, repeats):
    truth = true_points()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([program, "generate", "locate", "--points", CITIES, "--metric", "great-circle", "--observed", "0.3", "--lies",
                        "0.3", "--round", "1", "--seed", "7", "--quiet", "--out", folder], check=True)
        entries = contestants(program, folder / "distances.csv", folder)
        seconds = {name: [] for name in entries}
        for _ in range(repeats):
            for name, (command, _, _) in entries.items():
                start = time.perf_counter()
                subprocess.run(command, check=True)
                seconds[name].append(time.perf_counter() - start)
        errors = {name: errors_km(np.load(points), truth) for name, (_, points, _) in entries.items()}
    return "\n".join(table(seconds, {name: entry[2] for name, entry in entries.items()}, errors))


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--repeats", default=5, type=int)
    options = arguments.parse_args()

    text = measure(options.program, options.repeats)
    publish(text, "benchmarks/README.md", "locate", options.write)


if __name__ == "__main__":
    main()
