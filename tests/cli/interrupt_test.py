"""Ctrl-C and the time limit end a run in good order: exit code, partial and valid files, no stray temporary ones."""

import os
import pty
import signal
import subprocess
import time

import numpy as np
import pytest
from conftest import INTERRUPTED, PROGRAM, gossan, read_summary

ENDLESS = ("--max-iterations", 10**9, "--set", "schedule.ratio=1")


def start(*arguments, **options):
    return subprocess.Popen([PROGRAM, *map(str, arguments)], text=True, **options)


def wait_for_work(out):
    """Until the run has made its folder, and a while more."""
    deadline = time.monotonic() + 60
    while not out.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert out.exists()
    time.sleep(0.5)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_with_what_there_is(sent, sensing, tmp_path):
    out = tmp_path / "out"
    files = (sensing / "A.npy", sensing / "y.npy")
    process = start("sense", *files, *ENDLESS, "--out", out, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_for_work(out)
    process.send_signal(sent)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED, errors
    summary = read_summary(out)
    assert summary["status"] == "interrupted" and summary["iterations"] > 0
    assert np.isfinite(np.load(out / "U.npy")).all()
    files = {"U.npy", "outliers.npy", "history.csv", "report.html", "summary.json"}
    assert {path.name for path in out.iterdir()} == files


def test_locate_is_interrupted_too(tmp_path):
    """Enough pairs to be still at work when the signal comes."""
    data = tmp_path / "data"
    gossan("generate", "locate", "--count", 1500, "--observed", 0.2, "--seed", 1, "--out", data)
    out = tmp_path / "out"
    process = start("locate", data / "distances.csv", "--out", out, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_for_work(out)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == INTERRUPTED, errors
    summary = read_summary(out)
    assert summary["status"] == "interrupted" and summary["verdict"] != "trusted"
    assert np.load(out / "U.npy").shape[0] == 1500


def test_a_probe_is_interrupted_too(sensing, tmp_path):
    out = tmp_path / "out"
    point = ("--at", sensing / "X.npy", "--at-kind", "matrix", "--rank", 8, "--draws", 10**6)
    process = start("probe", sensing / "A.npy", sensing / "y.npy", *point, "--out", out, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_for_work(out)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED, errors
    summary = read_summary(out)
    assert summary["status"] == "interrupted" and "stopped" in summary["message"]
    assert 0 < len(summary["sign_rip"]["draws"]) < 10**6 and (out / "report.html").exists()


@pytest.mark.parametrize("loss", ["squared", "absolute"])
def test_a_probe_that_was_stopped_early_leaves_the_question_open(loss, sensing, tmp_path):
    point = ("--at", sensing / "X.npy", "--at-kind", "matrix", "--rank", 8, "--loss", loss, "--samples", 10**6)
    gossan("probe", sensing / "A.npy", sensing / "y.npy", *point, "--time-limit", 1e-6, "--out", tmp_path)
    summary = read_summary(tmp_path)
    assert summary["status"] == "time_limit" and summary["verdict"] in ("undecided", "not stationary")


def test_a_split_of_the_excess_risk_that_was_stopped_says_so(sensing, tmp_path):
    descent = ("--method", "subgradient", "--init", "small-random", "--max-iterations", 20000, "--set", "schedule.ratio=1")
    limit = ("--truth", sensing / "X.npy", "--excess-risk", "--time-limit", 1)
    gossan("sense", sensing / "A.npy", sensing / "y.npy", *descent, *limit, "--out", tmp_path)
    assert read_summary(tmp_path)["status"] == "time_limit"


def test_time_limit(sensing, tmp_path):
    out = tmp_path / "out"
    begin = time.monotonic()
    gossan("sense", sensing / "A.npy", sensing / "y.npy", *ENDLESS, "--time-limit", 0.5, "--out", out)
    assert time.monotonic() - begin < 60
    assert read_summary(out)["status"] == "time_limit"


def test_a_terminal_gets_a_bar_with_the_time_left_and_then_a_clean_line(sensing, tmp_path):
    ours, theirs = pty.openpty()
    files = (sensing / "A.npy", sensing / "y.npy")
    limits = (*ENDLESS, "--time-limit", 1.5)
    process = start("sense", *files, *limits, "--out", tmp_path / "out", stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the terminal closes with the program
            break
        if not part:
            break
        seen += part
    os.close(ours)
    process.wait(timeout=60)
    text = seen.decode()
    assert "sense:" in text and "%" in text and "[" in text
    assert text.endswith("\r\033[K")  # taken away
    assert text.count("\r") < 60  # throttled
