#!/usr/bin/env python3
"""Measures `gossan rpca` on planted tables: recovered, rank, verdict, error and noise, and its time beside NumPy.

usage: benchmarks/rpca.py [--program build/gossan] [--seeds 4] [--write]

Every answer is judged here against the planted truth. Recovered: relative error below 1e-3 and the rank right. With noise the error is
divided by that of least squares told the rank and which entries are honest. The rivals (benchmarks/rivals/numpy_rpca.py) run in turns with
Gossan on the same files, one thread each; alternating projections are told the rank. --write puts the tables between the markers of
docs/evidence.md.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded

import numpy as np  # noqa: E402
from pages import ROOT, loaded_machine, measured, parser, publish  # noqa: E402

RIVALS = ROOT / "benchmarks/rivals/numpy_rpca.py"


def cell(kind, corrupted, observed=1.0, condition=1, **more):
    magnitude = 2 if kind == "unif2" else 5 if kind == "block" else 10
    return {"kind": kind.rstrip("2"), "corrupted": corrupted, "observed": observed, "condition": condition, "magnitude": magnitude, **more}


CELLS = [cell("unif", .3), cell("unif2", .3, 1, 30), cell("huge", .3), cell("one-sided", .2), cell("one-sided", .3), cell("flip", .2),
         cell("flip", .3), cell("unif", .1, .5), cell("unif", .3, .5), cell("unif", .3, .5, 10), cell("huge", .3, .5), cell("unif", .1, .3),
         cell("unif", .2, .3), cell("unif", .3, .3), cell("unif", 0, .2), cell("unif", .1, .2)]
SMALL = [cell("unif", .1), cell("unif", .3), cell("one-sided", .2), cell("flip", .2), cell("unif", .1, .6)]
STRESS = [cell("unif", .2, .2), cell("unif", .5), cell("unif", .4, .3), cell("one-sided", .4), cell("one-sided", .2, .3), cell("flip", .4),
          cell("one-sided", .3, .5), cell("flip", .3, .5), cell("flip", .2, .3), cell("unif2", .3, .5, 100), cell("unif", .3, rank=20),
          cell("unif", 0, .12), cell("block", .22)]
NOISY = [cell("unif", .1), cell("unif", .3), cell("huge", .3), cell("one-sided", .2), cell("one-sided", .3), cell("unif2", .3, 1, 3),
         cell("flip", .2), cell("unif", .2, .5), cell("unif", .3, .5), cell("unif", .2, .3)]


def title(options):
    kind = options["kind"] + (f" {options['magnitude']}" if options["kind"] == "unif" else "")
    words = [f"{kind} {options['corrupted']:g}"]
    words += [f"q {options['observed']:g}"] * (options["observed"] < 1) + [f"condition {options['condition']}"] * (options["condition"] > 1)
    return ", ".join(words + [f"rank {options.get('rank', 5)}"] * (options.get("rank", 5) not in (3, 5)))


def generate(program, folder, options):
    command = [program, "generate", "rpca", "--quiet", "--out", folder]
    subprocess.run(command + [f"--{key}={value}" for key, value in options.items()], check=True)


def gossan(program, folder):
    """The summary of a run, and the largest memory of its process in MB."""
    text, memory = measured(program, "rpca", folder / "Y.npy", "--truth", folder / "X.npy", "--json", "--quiet", "--threads", 1, "--out",
                            folder / "out")
    return json.loads(text), memory


def told_everything(Y, X, corrupted, rank):
    """Error of least squares on the honest entries at the true rank, started at the truth."""
    seen = ~np.isnan(Y) & ~corrupted
    Y, weight = np.where(seen, Y, 0), seen.astype(float)
    R = np.linalg.svd(X, full_matrices=False)[2][:rank].T

    def fit(Y, weight, F):
        normal = np.einsum("ij,jp,jq->ipq", weight, F, F, optimize=True)
        return np.linalg.solve(normal, (Y @ F)[:, :, None])[:, :, 0]

    for _ in range(40):
        L = fit(Y, weight, R)
        R = fit(Y.T, weight.T, L)
    return np.linalg.norm(L @ R.T - X) / np.linalg.norm(X)


def tally(program, cells, seeds, **size):
    """One row a cell: recovered, trusted, trusted and wrong, median seconds; then the totals."""
    totals = np.zeros(4, int)
    for options in cells:
        options = {**size, **options}
        row, seconds = np.zeros(4, int), []
        with tempfile.TemporaryDirectory() as name:
            for seed in seeds:
                generate(program, Path(name), {**options, "seed": seed})
                summary, _ = gossan(program, Path(name))
                right = summary["truth"]["relative_error"] < 1e-3 and summary["rank"] == options.get("rank", 5)
                trusted = summary["verdict"] == "trusted"
                row += [right, trusted, trusted and not right, 1]
                seconds.append(summary["recovery_seconds"])
        totals += row
        yield f"| {title(options)} | {row[0]} of {row[3]} | {row[1]} | {row[2]} | {np.median(seconds):.2f} |"
    yield f"| **all** | **{totals[0]} of {totals[3]}** | {totals[1]} | {totals[2]} | |"


def noise_table(program, seeds):
    for noise in (0.01, 0.05):
        for options in NOISY:
            ranks, ratios, scales = [], [], []
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                for seed in seeds:
                    generate(program, folder, {**options, "noise": noise, "seed": seed})
                    summary, _ = gossan(program, folder)
                    Y, X, corrupted = (np.load(folder / f"{each}.npy") for each in ("Y", "X", "corrupted"))
                    ranks.append(summary["rank"])
                    ratios.append(summary["truth"]["relative_error"] / told_everything(Y, X, corrupted, 5))
                    scales.append(summary["noise_scale"] / noise)
            yield (f"| {100 * noise:.0f} % | {title(options)} | {' '.join(map(str, ranks))} | {min(ratios):.2f} to {max(ratios):.2f} | "
                   f"{min(scales):.2f} to {max(scales):.2f} |")


def rival_table(program, seed):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for options in (cell("unif", .05), cell("unif", .3), cell("one-sided", .2), cell("flip", .2), cell("unif", .1, .5)):
            generate(program, folder, {**options, "seed": seed})
            X = np.load(folder / "X.npy")
            summary, memory = gossan(program, folder)
            row = (f"| {title(options)} | {summary['truth']['relative_error']:.0e}, {summary['rank']}, {summary['recovery_seconds']:.2f} s, "
                   f"{memory:.0f} MB ")
            for method in ("pcp", "altproj"):
                text, memory = measured(sys.executable, RIVALS, method, folder / "Y.npy", folder / "theirs.npy", 5)
                rank, seconds = text.split()
                error = np.linalg.norm(np.load(folder / "theirs.npy") - X) / np.linalg.norm(X)
                row += f"| {error:.0e}, {rank}, {float(seconds):.2f} s, {memory:.0f} MB "
            yield row + "|"


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--seeds", default=4, type=int)
    options = arguments.parse_args()
    program = options.program
    seeds = range(1, options.seeds + 1)
    head = ["| {} | recovered | trusted | trusted and wrong | seconds, one thread |", "|---|---|---|---|---|"]

    lines = [f"{loaded_machine()}.", ""]
    for words, cells, size in (("200 x 150, rank 5", CELLS, {}), ("60 x 40, rank 3", SMALL, {"rows": 60, "cols": 40, "rank": 3}),
                               ("400 x 30, rank 3", SMALL, {"rows": 400, "cols": 30, "rank": 3}),
                               ("200 x 150, beyond the limits", STRESS, {})):
        lines += [head[0].format(words), head[1], *tally(program, cells, seeds, **size), ""]
    lines += ["| noise | table | rank read | error over that of the oracle | noise scale / true |", "|---|---|---|---|---|"]
    lines += [*noise_table(program, seeds), ""]
    lines += ["| error, rank read, time, memory of the process | Gossan | pursuit (NumPy) | alternating projections, told the rank (NumPy) |", "|---|---|---|---|"]
    lines += rival_table(program, 1)
    text = "\n".join(lines)
    publish(text, "docs/evidence.md", "rpca", options.write)


if __name__ == "__main__":
    main()
