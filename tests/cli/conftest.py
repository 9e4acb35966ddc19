"""The program as its users see it: arguments in; exit code, messages and files out."""

import json
import os
import subprocess
from pathlib import Path

import jsonschema
import pytest

PROGRAM = os.environ["GOSSAN"]
SOURCE = Path(os.environ["GOSSAN_SOURCE"])
RECOVERED, OUR_FAULT, WRONG_USAGE, BAD_INPUT, DOUBTFUL, INTERRUPTED = 0, 1, 2, 3, 4, 130


def gossan(*arguments, timeout=300, **options):
    """Runs the program to its end; stdout and stderr as text."""
    command = [PROGRAM, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False, **options)


def read_summary(folder):
    """summary.json of a run folder, held to the schema; NaN and Infinity are no JSON."""

    def refuse(name):
        raise AssertionError(f"{name} in summary.json")

    summary = json.loads((Path(folder) / "summary.json").read_text(encoding="utf-8"), parse_constant=refuse)
    schema = json.loads((SOURCE / "docs/summary.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(summary)
    options = {"out", "threads", "json", "quiet", "time_limit"} | (set() if summary["verb"] == "apply" else {"seed", "truth"})
    assert options <= summary["options"].keys()
    return summary


def make(kind, folder, *options):
    done = gossan("generate", kind, *options, "--quiet", "--out", folder)
    assert done.returncode == RECOVERED, done.stderr
    return folder


@pytest.fixture(scope="session")
def points(tmp_path_factory):
    """60 points of the plane with 60 % of their distances, a fifth of those lies."""
    options = ("--count", 60, "--dimension", 2, "--observed", 0.6, "--lies", 0.2, "--seed", 3)
    return make("locate", tmp_path_factory.mktemp("points"), *options)


@pytest.fixture(scope="session")
def globe(tmp_path_factory):
    """80 places on the globe with names, half of their distances rounded to 1 km, a fifth of those lies."""
    folder = tmp_path_factory.mktemp("globe")
    rows = ["name,latitude,longitude"]
    for k in range(80):  # a golden spiral
        rows.append(f"Place {k},{-80 + 2 * k:.3f},{(k * 137.508 + 180) % 360 - 180:.3f}")
    (folder / "places.csv").write_text("\n".join(rows) + "\n")
    options = ("--points", folder / "places.csv", "--metric", "great-circle", "--observed", 0.5, "--lies", 0.2, "--round", 1)
    return make("locate", folder, *options)


@pytest.fixture(scope="session")
def sensing(tmp_path_factory):
    """600 measurements of a 12 x 12 matrix of rank 2, a tenth of them wrong."""
    options = ("--rows", 12, "--rank", 2, "--condition", 2, "--measurements", 600, "--corrupted", 0.1, "--seed", 5)
    return make("sense", tmp_path_factory.mktemp("sensing"), *options)
