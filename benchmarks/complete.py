#!/usr/bin/env python3
"""Measures `gossan complete` with nothing told: MovieLens-100K under corruption, planted matrices, and 10^7 ratings, beside rivals.

usage: benchmarks/complete.py [--program build/gossan] [--movielens FOLDER] [--seeds 10] [--tables movielens,planted,scale] [--write]

The rivals are libraries from PyPI, which the script installs where it can, and short NumPy programs (benchmarks/rivals); for exact entries
alternating least squares told the rank. MovieLens-100K may not be passed on: without its folder that table is left out, and says
so. --write puts the tables between the markers of docs/complete.md.
"""

import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "2"  # before NumPy is loaded

import numpy as np  # noqa: E402

from contestants import rivals_python, with_library  # noqa: E402
from pages import ROOT, loaded_machine, measured, parser, publish  # noqa: E402
from rivals import completion  # noqa: E402

LIBMF, CMFREC, SURPRISE = ("libmf", "libmf"), ("cmfrec", "cmfrec", "threadpoolctl", "pandas"), ("scikit-surprise", "surprise", "pandas")
LIBRARIES = (LIBMF, CMFREC, SURPRISE)
RIVALS = [
    ("LIBMF, defaults", "libmf", LIBMF),
    ("LIBMF, best settings known for these data", "libmf-tuned", LIBMF),
    ("cmfrec, defaults", "cmfrec", CMFREC),
    ("cmfrec, rank 10", "cmfrec-10", CMFREC),
    ("scikit-surprise, SVD", "surprise", SURPRISE),
    ("ALS with biases (NumPy), rank and ridge by hold-out", "als", None),
    ("soft-impute with biases (NumPy), threshold by hold-out", "soft-impute", None),
]
RIVAL_CELLS = (("clean", 0), ("random", 0.2), ("reversed", 0.2))
CORRUPTIONS = [("clean", 0)] + [(kind, share) for kind in ("random", "reversed") for share in (0.1, 0.2, 0.3)]


def folds(folder):
    """The five official folds: the test sets are the fifths of u.data in the order of the file."""
    lines = np.loadtxt(folder / "u.data", dtype=int)[:, :3]
    for k in range(5):
        test = np.zeros(len(lines), bool)
        test[20000 * k : 20000 * (k + 1)] = True
        yield lines[~test], lines[test]


def corrupted(values, kind, share, seed):
    random = np.random.default_rng(seed)
    hit = random.random(len(values)) < share
    if kind == "random":
        return np.where(hit, random.integers(1, 6, len(values)), values)
    return np.where(hit, 6 - values, values) if kind == "reversed" else values


def write_triplets(file, i, j, values):
    with open(file, "w", encoding="utf-8") as out:
        out.write("row,col,value\n")
        out.writelines(f"{a},{b},{v!r}\n" for a, b, v in zip(i.tolist(), j.tolist(), values.tolist()))


def gossan(program, folder, file, *options):
    """The summary of a run, and the largest memory of its process in MB."""
    text, memory = measured(program, "complete", file, "--json", "--quiet", "--out", folder / "out", *options)
    return json.loads(text), memory


def movielens_cell(program, folder, data, kind, share, *options):
    rows = []
    for k, (fit, test) in enumerate(data):
        write_triplets(folder / "fit.csv", fit[:, 0], fit[:, 1], corrupted(fit[:, 2], kind, share, 1001 + k))
        write_triplets(folder / "test.csv", test[:, 0], test[:, 1], test[:, 2])
        summary, _ = gossan(program, folder, folder / "fit.csv", "--test", folder / "test.csv", "--range", "1:5", *options)
        rows.append((summary["test"]["rmse"], summary["test"]["coverage"], summary["random_share"],
                     summary["reversed_share"], summary["rank"], summary["seconds"], summary["choices"]["method"],
                     summary["verdict"]))
    return rows


def rivals_table(program, folder, source):
    """The first fold, clean and corrupted, in one process a fit."""
    fit, test = next(folds(source))
    files = folder / "fit.csv", folder / "test.csv"
    write_triplets(files[1], test[:, 0], test[:, 1], test[:, 2])
    python = rivals_python()
    libraries = {each: with_library(python, *each) for each in LIBRARIES} if python else {}
    rows = {title: [] for title, _, library in RIVALS if python and libraries.get(library, library is None)}
    missing = [title for title, _, _ in RIVALS if title not in rows]
    ours, costs = [], {title: [] for title in ("gossan", *rows)}
    for kind, share in RIVAL_CELLS:
        write_triplets(files[0], fit[:, 0], fit[:, 1], corrupted(fit[:, 2], kind, share, 1001))
        summary, memory = gossan(program, folder, files[0], "--test", files[1], "--range", "1:5")
        ours.append(summary["test"]["rmse"])
        costs["gossan"].append((summary["rank"], summary["seconds"], memory))
        for title, method, _ in RIVALS:
            if title in rows:
                text, memory = measured(python, ROOT / "benchmarks/rivals/libraries.py", method, *files)
                error, rank, seconds = map(float, text.splitlines()[-1].split())  # LIBMF talks before
                rows[title].append(error)
                costs[title].append((rank, seconds, memory))
    yield "**Beside rivals**, the first fold; test error, rank, seconds of the fit on two threads, memory of the process."
    yield ""
    yield "| | " + " | ".join(kind if share == 0 else f"{share:.0%} {kind}" for kind, share in RIVAL_CELLS) + " | rank, clean | s, clean | MB |"
    yield "|---|" + "---|" * (len(RIVAL_CELLS) + 3)
    for title, errors in (("gossan", ours), *rows.items()):
        rank, seconds, memory = costs[title][0]
        name = "**gossan complete**, nothing told" if title == "gossan" else title
        yield f"| {name} | " + " | ".join(f"{error:.4f}" for error in errors) + f" | {rank:.0f} | {seconds:.2f} | {memory:.0f} |"
    yield ""
    if missing:
        yield "Left out, as not installed: " + ", ".join(missing) + "."
        yield ""


def movielens_tables(program, folder, source):
    data = list(folds(source))
    yield "**MovieLens-100K**, root mean square error on the clean test ratings, mean of the five folds; training ratings corrupted. Nothing told."
    yield ""
    yield "| | " + " | ".join(kind if share == 0 else f"{share:.0%} {kind}" for kind, share in CORRUPTIONS) + " | s a fold |"
    yield "|---|" + "---|" * (len(CORRUPTIONS) + 1)
    auto = {}
    for title, options in (("**gossan complete**", ()), ("--method student-t", ("--method", "student-t")),
                           ("--method ordinal", ("--method", "ordinal"))):
        cells, seconds = [], []
        for kind, share in CORRUPTIONS:
            rows = movielens_cell(program, folder, data, kind, share, *options)
            if not options:
                auto[kind, share] = rows
            cells.append(f"{np.mean([row[0] for row in rows]):.4f}")
            seconds += [row[5] for row in rows]
        yield f"| {title} | " + " | ".join(cells) + f" | {np.min(seconds):.2f} to {np.max(seconds):.2f} |"
    yield ""
    yield "| what `gossan complete` says | " + " | ".join(kind if s == 0 else f"{s:.0%} {kind}" for kind, s in CORRUPTIONS) + " |"
    yield "|---|" + "---|" * len(CORRUPTIONS)
    texts = {
        "method": lambda rows: ", ".join(sorted({row[6] for row in rows})),
        "share taken for random": lambda rows: f"{np.mean([row[2] for row in rows]):.2f}",
        "share taken for reversed": lambda rows: f"{np.mean([row[3] for row in rows]):.2f}",
        "rank": lambda rows: f"{min(row[4] for row in rows)} to {max(row[4] for row in rows)}",
        "test ratings within their 90 % interval": lambda rows: f"{np.mean([row[1] for row in rows]):.3f}",
        "trusted, of 5": lambda rows: str(sum(row[7] == "trusted" for row in rows)),
    }
    for title, text in texts.items():
        yield f"| {title} | " + " | ".join(text(auto[cell]) for cell in CORRUPTIONS) + " |"
    yield ""
    features = list(feature_errors(program, folder, source, data))
    yield ("With `--row-features` (age, sex, occupation) and `--col-features` (year, genres): " + ", ".join(features) +
           ".")
    yield ""


def feature_errors(program, folder, source, data):
    users = [line.strip().split("|") for line in open(source / "u.user", encoding="latin-1")]
    jobs = sorted({user[3] for user in users})
    with open(folder / "users.csv", "w", encoding="utf-8") as out:
        for user in users:
            out.write(",".join([user[0], user[1], str(int(user[2] == "F"))] + [str(int(user[3] == job)) for job in jobs]) + "\n")
    with open(folder / "films.csv", "w", encoding="utf-8") as out:
        for line in open(source / "u.item", encoding="latin-1"):
            film = line.strip().split("|")
            out.write(",".join([film[0], film[2][-4:] or "1995"] + film[5:]) + "\n")
    options = ("--row-features", folder / "users.csv", "--col-features", folder / "films.csv")
    for kind, share in (("clean", 0), ("reversed", 0.2)):
        rows = movielens_cell(program, folder, data, kind, share, *options)
        yield f"{kind if share == 0 else '20 % ' + kind} {np.mean([row[0] for row in rows]):.4f}"


def planted_table(program, folder, seeds):
    yield f"**Planted matrices**, 200 x 150 of rank 5 (1725 degrees of freedom), exact entries, {seeds} seeds, no rank told. Right: relative error below 1e-5."
    yield ""
    yield "| entries a degree of freedom | condition | right | rank 5 read | trusted and right | trusted and wrong | median error | s | ALS told the rank | soft-impute, error |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for observed, condition in ((0.1208, 1), (0.15, 1), (0.17, 1), (0.2, 1), (0.25, 1), (0.5, 1), (0.17, 10), (0.25, 10), (0.25, 30), (0.5, 30)):
        errors, ranks, trusted, seconds, told, soft = [], [], [], [], 0, []
        for seed in range(1, seeds + 1):
            subprocess.run([program, "generate", "complete", "--quiet", "--rows", "200", "--cols", "150", "--rank", "5", "--condition",
                            str(condition), "--observed", str(observed), "--seed", str(seed), "--out", folder], check=True)
            summary, _ = gossan(program, folder, folder / "ratings.csv", "--truth", folder / "X.npy")
            errors.append(summary["relative_error"])
            ranks.append(summary["rank"])
            trusted.append(summary["verdict"] == "trusted")
            seconds.append(summary["seconds"])
            X = np.load(folder / "X.npy")
            lines = np.loadtxt(folder / "ratings.csv", delimiter=",", skiprows=1)
            i, j, y = lines[:, 0].astype(int), lines[:, 1].astype(int), lines[:, 2]
            everywhere = np.divmod(np.arange(X.size), 150)
            try:
                answer, _ = completion.exact_als(i, j, y, (200, 150), everywhere, 5)
                told += np.linalg.norm(answer - X.ravel()) < 1e-5 * np.linalg.norm(X)
            except np.linalg.LinAlgError:
                pass
            if seed == 1:
                answer, _ = completion.soft_impute(i, j, y, (200, 150), everywhere, center=False)
                soft.append(np.linalg.norm(answer - X.ravel()) / np.linalg.norm(X))
        right, trusted = np.array(errors) < 1e-5, np.array(trusted)
        yield (f"| {observed * 30000 / 1725:.1f} | {condition} | {right.sum()} | {sum(r == 5 for r in ranks)} | {(trusted & right).sum()} | "
               f"{(trusted & ~right).sum()} | {np.median(errors):.0e} | {np.median(seconds):.2f} | {told} | {soft[0]:.0e} |")
    yield ""


def scale_table(program, folder, sizes):
    yield "**Size**: synthetic ratings from 1 to 5, rank 8, a tenth random, as `.mtx`. Error: root mean square of the prediction less what is expected, at 100,000 places."
    yield ""
    yield "| ratings | rows x columns | seconds, reading and writing included | memory, GB | error | of row and column effects alone |"
    yield "|---|---|---|---|---|---|"
    for rows, cols, observed in sizes:
        subprocess.run([program, "generate", "ratings", "--quiet", "--rows", str(rows), "--cols", str(cols), "--observed", str(observed),
                        "--rank", "8", "--random", "0.1", "--file", "mtx", "--out", folder], check=True)
        random = np.random.default_rng(1)
        i, j = random.integers(0, rows, 100000), random.integers(0, cols, 100000)
        with open(folder / "pairs.csv", "w", encoding="utf-8") as out:
            out.writelines(f"{a},{b}\n" for a, b in zip(i.tolist(), j.tolist()))
        begin = time.perf_counter()
        summary, memory = gossan(program, folder, folder / "ratings.mtx", "--predict", folder / "pairs.csv", "--range", "1:5")
        seconds = time.perf_counter() - begin
        with open(folder / "out/predictions.csv", encoding="utf-8") as lines:
            answer = np.array([float(line["value"]) for line in csv.DictReader(lines)])
        b, c = np.load(folder / "row_bias.npy").ravel(), np.load(folder / "col_bias.npy").ravel()
        u, v = np.load(folder / "row_factors.npy"), np.load(folder / "col_factors.npy")
        effects = 3 + b[i] + c[j]
        expected = np.clip(effects + np.einsum("ek,ek->e", u[i], v[j]), 1, 5)
        error, alone = (np.sqrt(np.mean((np.clip(x, 1, 5) - expected) ** 2)) for x in (answer, effects))
        yield f"| {summary['inputs'][0]['entries']:,} | {rows:,} x {cols:,} | {seconds:.0f} | {memory / 1e3:.2f} | {error:.3f} | {alone:.3f} |"
    yield ""


def main():
    options = parser(__doc__)
    options.add_argument("--movielens", default=str(ROOT.parent / "shared/data/ml-100k"))
    options.add_argument("--seeds", type=int, default=10)
    options.add_argument("--tables", default="movielens,planted,scale")
    arguments = options.parse_args()
    program, tables = str(arguments.program), arguments.tables.split(",")
    lines = [f"{loaded_machine()}, NumPy {np.__version__}, Python {platform.python_version()}.", ""]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = []
        if "movielens" in tables:
            if (Path(arguments.movielens) / "u.data").exists():
                parts.append(movielens_tables(program, folder, Path(arguments.movielens)))
                parts.append(rivals_table(program, folder, Path(arguments.movielens)))
            else:
                print("benchmarks/complete.py: MovieLens-100K is not there (--movielens FOLDER): that table is left out", file=sys.stderr)
        if "planted" in tables:
            parts.append(planted_table(program, folder, arguments.seeds))
        if "scale" in tables:
            parts.append(scale_table(program, folder, [(1000, 1000, 0.1), (10000, 3162, 0.0316), (100000, 10000, 0.01)]))
        for part in parts:
            for line in part:
                print(line, file=sys.stderr, flush=True)
                lines.append(line)
    publish("\n".join(lines).rstrip(), "docs/complete.md", "complete", arguments.write)


if __name__ == "__main__":
    main()
