"""The world map at the accuracy that Gossan promises: the demo's seed and five others, more lies, fewer pairs; threads."""

import json
import os
import pathlib
import subprocess

import pytest

GOSSAN = os.environ["GOSSAN"]
CITIES = pathlib.Path(os.environ["GOSSAN_SOURCE"]) / "examples/world/cities.csv"


def world(folder, seed, observed=0.3, lies=0.3, extra=()):
    run = lambda *words: subprocess.run([GOSSAN, *map(str, words), "--quiet"], check=True, timeout=120)
    run("generate", "locate", "--points", CITIES, "--metric", "great-circle", "--observed", observed, "--lies", lies,
        "--round", 1, "--seed", seed, "--out", folder)
    run("locate", folder / "distances.csv", "--metric", "great-circle", "--truth", CITIES, "--out", folder, *extra)
    return json.loads((folder / "summary.json").read_text())


@pytest.mark.parametrize("seed", [7, 1, 2, 3, 4, 5])
def test_thirty_percent_lies(tmp_path, seed):
    summary = world(tmp_path, seed)
    truth = summary["truth"]
    assert summary["verdict"] == "trusted"
    assert summary["rank"] == 3
    assert truth["median_error_km"] < 0.2
    assert truth["p99_error_km"] < 1
    assert truth["lies_flagged"] > 0.999
    assert truth["honest_flagged"] < 0.001


@pytest.mark.parametrize("seed", [7, 1, 2])
def test_forty_five_percent_lies(tmp_path, seed):
    summary = world(tmp_path, seed, lies=0.45)
    assert summary["rank"] == 3
    assert summary["truth"]["median_error_km"] < 0.3


@pytest.mark.parametrize("seed", [7, 1, 2])
def test_a_tenth_of_the_pairs(tmp_path, seed):
    summary = world(tmp_path, seed, observed=0.1, lies=0.2)
    assert summary["rank"] == 3
    assert summary["truth"]["median_error_km"] < 0.5


def test_the_same_bits_on_one_and_two_threads(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    world(one, 7, extra=("--threads", 1))
    world(two, 7, extra=("--threads", 2))
    assert (one / "U.npy").read_bytes() == (two / "U.npy").read_bytes()
    assert (one / "outliers.npy").read_bytes() == (two / "outliers.npy").read_bytes()
    assert (one / "points.csv").read_bytes() == (two / "points.csv").read_bytes()
