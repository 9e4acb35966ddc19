#!/usr/bin/env python3
"""Measures `gossan rpca` on two real clips: time, rank, mask and memory, beside principal component pursuit in NumPy on the same table.

usage: benchmarks/video.py [--program build/gossan] [--runs 3] [--write]

The clips are not part of the project (scripts/clips.py says where they are looked for); one that is missing is left out, and the table says so. The two contestants
take turns; NumPy is the current release from PyPI with its OpenBLAS, with as many threads as it likes. --write puts the table between the markers of
benchmarks/README.md.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

from contestants import rivals_python
from pages import ROOT, loaded_machine, measured, parser, publish

sys.path.append(str(ROOT / "scripts"))
import clips  # noqa: E402

RIVAL = ROOT / "benchmarks/rivals/numpy_ialm.py"


def gossan(program, folder, *arguments):
    """The summary of a run, and the largest memory of its process in MB."""
    text, memory = measured(program, "rpca", *arguments, "--json", "--quiet", "--out", folder)
    return json.loads(text), memory


def row(name, who, seconds, rank, mask, memory):
    return f"| {name} | {who} | {statistics.median(seconds):.2f} | {rank} | {100 * mask:.1f} % | {memory:.0f} |"


def escalator_rows(program, folder, runs):
    found = clips.escalator(folder)
    if found is None:
        return ["| escalator | not there | | | | |"]
    images, table = found
    ours, theirs, python = [], [], rivals_python()
    for _ in range(runs):
        ours.append(gossan(program, folder / "escalator-out", images))
        if python:
            text, rival_memory = measured(python, RIVAL, table)
            theirs.append([float(n) for n in text.split()])
    summary, memory = ours[0]
    seconds = [each[0]["recovery_seconds"] for each in ours]
    name = "escalator, 20800 x 200"
    lines = [row(name, "gossan rpca", seconds, summary["rank"], summary["outlier_fraction"], memory)]
    if theirs:
        rank, mask, _, _ = theirs[0]
        rival_seconds = [each[3] for each in theirs]
        lines.append(row(name, "pursuit, inexact ALM, NumPy", rival_seconds, int(rank), mask, rival_memory))
        times = statistics.median(b / a for a, b in zip(seconds, rival_seconds))
        lines.append(f"| | *NumPy's time over Gossan's* | **{times:.0f}** | | | |")
    return lines


def vtest_rows(program, folder):
    clip = clips.vtest(folder)
    if clip is None:
        return ["| vtest | not there | | | | |"]
    summary, memory = gossan(program, folder / "vtest-out", clip, "--stride", 4, "--scale", 0.5)
    frames = summary["frames"]
    name = f"vtest, {frames['width'] * frames['height']} x {frames['count']}"
    return [row(name, "gossan rpca", [summary["recovery_seconds"]], summary["rank"], summary["outlier_fraction"], memory),
            f"| | *with decoding the video* | {summary['seconds']:.2f} | | | |"]


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--runs", default=3, type=int)
    options = arguments.parse_args()
    program = options.program
    lines = [f"{loaded_machine()}; medians of {options.runs}.", "",
             "| clip | | seconds | rank | flagged | memory of the process, MB |", "|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        lines += escalator_rows(program, Path(folder), options.runs) + vtest_rows(program, Path(folder))
    text = "\n".join(lines)
    publish(text, "benchmarks/README.md", "video", options.write)


if __name__ == "__main__":
    main()
