"""gossan bench: its JSON, its protocol of turns, its refusals. Speed is judged by `make bench` alone."""

import json
import re
import subprocess

import pytest
from conftest import PROGRAM, RECOVERED, WRONG_USAGE, gossan

TINY = ("--size", "small", "--rows", 9, "--measurements", 50, "--rank", 2)


def kernels():
    listed = gossan("bench", "--help").stdout.split("Kernels:\n")[1].split("\n\n")[0]
    return re.findall(r"^  (\S+)", listed, re.MULTILINE)


@pytest.fixture(scope="module")
def everything():
    done = gossan("bench", *TINY, "--repeats", 1, "--threads", 1, "--json")
    assert done.returncode == RECOVERED, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_json_has_every_kernel_in_its_order(everything):
    assert everything["schema_version"] == 1 and everything["threads"] == 1 and everything["instructions"]
    names = [each["name"] for each in everything["kernels"]]
    assert names == kernels() and len(names) == len(set(names)) >= 5


def test_numbers_have_their_units(everything):
    for each in everything["kernels"]:
        name, median = each["name"], each["seconds"]["median"]
        assert 0 < each["seconds"]["lower"] <= median <= each["seconds"]["upper"] < 1, name
        assert 0.5 < each["read_gigabytes_per_second"] < 10_000 and 0.1 < each["peak_gigaflops"] < 1e6, name
        assert each["bytes"] >= 0 and each["flops"] >= 0, name
        assert each["gigabytes_per_second"] == pytest.approx(each["bytes"] / median / 1e9), name
        assert each["gigaflops"] == pytest.approx(each["flops"] / median / 1e9), name
        assert each["fraction_of_read"] == pytest.approx(each["gigabytes_per_second"] / each["read_gigabytes_per_second"])
        assert each["fraction_of_peak"] == pytest.approx(each["gigaflops"] / each["peak_gigaflops"]), name
        if name not in ("linear-read", "disk-read"):
            assert 0 < each["fraction_of_peak"] < 1.5 and "rank 2" in each["shape"], name


def test_residuals_are_those_of_the_obvious_loop(everything):
    errors = {each["name"]: each["residual_error"] for each in everything["kernels"]}
    assert sum(error is not None for error in errors.values()) >= 4
    for name, error in errors.items():
        single = next(each for each in everything["kernels"] if each["name"] == name)["precision"] == "single"
        assert error is None or error < (1e-4 if single else 1e-12), name


def test_a_sweep_over_more_data_moves_more_bytes():
    def bytes_of(measurements):
        done = gossan("bench", *TINY[:4], "--measurements", measurements, "--kernel", "entries-f64", "--repeats", 1, "--json")
        return json.loads(done.stdout)["kernels"][0]["bytes"]

    assert bytes_of(4000) > 1.5 * bytes_of(2000)


def test_the_table_is_for_people():
    done = gossan("bench", *TINY, "--kernel", "differences", "--repeats", 2)
    assert done.returncode == RECOVERED
    assert "GB/s" in done.stdout and "differences" in done.stdout and "9 x 9, 50 measurements, rank 2" in done.stdout
    assert done.stderr == ""  # the bar is for terminals


def test_paced_takes_a_turn_for_each_line():
    command = [PROGRAM, "bench", *map(str, TINY), "--kernel", "loop-f64", "--paced"]
    done = subprocess.run(command, input="turn\n" * 3, capture_output=True, text=True, timeout=60, check=True)
    first, *turns = map(json.loads, done.stdout.splitlines())
    assert first["name"] == "loop-f64" and first["bytes"] > 0
    assert len(turns) == 3 and all(turn["seconds"] > 0 and turn["cpu_seconds"] > 0 for turn in turns)


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (["--kernel", "entires-f64"], "did you mean 'entries-f64'?"),
        (["--kernel", "loop-f64", "--size", "smal"], "small"),
        (["--kernel", "loop-f64", "--repeats", "0"], "0"),
        (["--kernel", "loop-f64", "--rank", "-1"], "-1"),
        (["--kernl", "loop-f64"], "did you mean '--kernel'?"),
        (["--paced"], "--kernel"),
        (["loop-f64"], "'loop-f64'"),
    ],
)
def test_wrong_usage(arguments, expected):
    done = gossan("bench", *arguments)
    assert done.returncode == WRONG_USAGE, done.stderr
    assert expected in done.stderr and done.stdout == ""
