"""gossan plan: the number it names is judged by recoveries of instances that it did not see."""

import csv
import json

import pytest
from conftest import DOUBTFUL, RECOVERED, WRONG_USAGE, gossan, make, read_summary

INSTANCE = ("--rows", 12, "--rank", 2)
FILES = ["plan.csv", "plan.json", "report.html"]


def read_plan(folder):
    return json.loads((folder / "plan.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    out = tmp_path_factory.mktemp("planned")
    done = gossan("plan", *INSTANCE, "--corruption", 0.2, "--trials", 12, "--threads", 1, "--out", out)
    assert done.returncode == RECOVERED, done.stdout + done.stderr
    return out, done


def recovered(folder, n, seed):
    """Whether `sense` recovers an instance with n stored Gaussian measurements."""
    data = make("sense", folder / f"{n}-{seed}", *INSTANCE, "--corrupted", 0.2, "--measurements", n, "--seed", seed)
    gossan("sense", data / "A.npy", data / "y.npy", "--model", "symmetric-factor", "--truth", data / "X.npy", "--out", data)
    return read_summary(data)["truth"]["relative_error"] < 1e-3


def test_twice_that_many_are_enough_and_half_are_not(planned, tmp_path):
    n = read_plan(planned[0])["measurements"]
    assert sum(recovered(tmp_path, 2 * n, seed) for seed in range(6)) >= 5
    assert sum(recovered(tmp_path, n // 2, seed) for seed in range(6)) <= 2


def test_files_agree_with_one_another_and_with_what_is_printed(planned):
    out, done = planned
    assert sorted(path.name for path in out.iterdir()) == FILES
    plan = read_plan(out)
    assert plan["status"] == "converged" and plan["verdict"] == "trusted"
    assert plan["unknowns"] == 12 * 2 - 1
    assert plan["per_unknown"] == pytest.approx(plan["measurements"] / plan["unknowns"], rel=0.05)
    low, high = plan["interval"]
    assert low <= plan["measurements"] <= high
    assert f"n = {plan['measurements']} measurements" in done.stdout and f"{low} to {high}" in done.stdout
    with open(out / "plan.csv", newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    assert [int(row["measurements"]) for row in rows] == [point["measurements"] for point in plan["points"]]
    for row in rows:
        assert 0 <= int(row["successes"]) <= int(row["trials"]) and 0 <= float(row["fitted"]) <= 1
    fitted = [float(row["fitted"]) for row in rows]
    assert fitted == sorted(fitted)
    assert "share of trials recovered" in (out / "report.html").read_text(encoding="utf-8")


def test_same_bytes_on_any_number_of_threads(planned, tmp_path):
    gossan("plan", *INSTANCE, "--corruption", 0.2, "--trials", 12, "--threads", 3, "--quiet", "--out", tmp_path)
    assert (tmp_path / "plan.csv").read_bytes() == (planned[0] / "plan.csv").read_bytes()


def test_json(tmp_path):
    done = gossan("plan", "--rows", 5, "--rank", 1, "--trials", 4, "--json", "--out", tmp_path)
    assert json.loads(done.stdout) == read_plan(tmp_path)


def test_a_time_limit_leaves_what_there_is(tmp_path):
    done = gossan("plan", "--rows", 60, "--rank", 4, "--corruption", 0.4, "--time-limit", 1.5, "--out", tmp_path)
    assert done.returncode == DOUBTFUL
    assert "stopped before" in done.stdout
    plan = read_plan(tmp_path)
    assert plan["status"] == "time_limit" and plan["verdict"] != "trusted"
    assert plan["seconds"] < 60
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (["--rows", "5", "--rank", "6"], ["'rank'", "'6'", "5"]),
        (["--rows", "9", "--cols", "4", "--rank", "5"], ["'rank'", "'5'", "4"]),
        (["--corruption", "0.5"], ["corruption", "0.5"]),
        (["--noise", "-1"], ["noise", "-1"]),
        (["--success", "1"], ["success", "1"]),
        (["--trials", "0"], ["trials", "0"]),
        (["--ensemble", "stored"], ["ensemble", "stored", "rademacher"]),
        (["--corrupted", "0.2"], ["did you mean '--corruption'?"]),
        (["A.npy"], ["A.npy"]),
    ],
)
def test_wrong_usage(arguments, expected, tmp_path):
    done = gossan("plan", *arguments, cwd=tmp_path)
    assert done.returncode == WRONG_USAGE, done.stderr
    assert all(part in done.stderr for part in expected), done.stderr
    assert done.stderr.startswith("gossan plan") and done.stdout == ""
    assert list(tmp_path.iterdir()) == []
