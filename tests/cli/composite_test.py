"""Descents on a composite objective, and by minibatches, as the command line runs them."""

import numpy as np
import pytest
from conftest import DOUBTFUL, INTERRUPTED, RECOVERED, WRONG_USAGE, gossan, make, read_summary


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    return make("sense", tmp_path_factory.mktemp("clean"), "--rows", 10, "--rank", 2, "--measurements", 80, "--corrupted", 0, "--seed", 3)


def run(folder, out, *more):
    return gossan("sense", folder / "A.npy", folder / "y.npy", "--truth", folder / "X.npy", "--quiet", "--out", out, *more)


def error(folder, out):
    found = np.load(out / "L.npy") @ np.load(out / "R.npy").T
    truth = np.load(folder / "X.npy")
    return np.linalg.norm(found - truth) / np.linalg.norm(truth)


@pytest.mark.parametrize("method", ["proximal-gradient", "accelerated-proximal-gradient"])
def test_the_nuclear_penalty_finds_a_matrix_from_fewer_measurements_than_entries(clean, tmp_path, method):
    done = run(clean, tmp_path, "--method", method, "--set", "penalty.weight=1e-4", "--holdout", 0, "--max-iterations", 30000)
    assert done.returncode in (RECOVERED, DOUBTFUL), done.stderr
    assert error(clean, tmp_path) < 1e-2
    choices = read_summary(tmp_path)["choices"]
    assert (choices["penalty"], choices["model"]) == ("nuclear", "full-matrix")


def test_minibatches_read_their_share_and_resume_bit_for_bit(clean, tmp_path):
    batches = ("--model", "factor-pair", "--method", "gradient-descent", "--batch", 20, "--rank", 2, "--set", "init.alpha=0.1", "--threads", 1,
               "--holdout", 0)
    straight, halves = tmp_path / "straight", tmp_path / "halves"
    run(clean, straight, *batches, "--max-iterations", 2000)
    summary = read_summary(straight)
    assert summary["sweeps"] < 2000 / 3
    assert error(clean, straight) < 1e-3
    # The same run, stopped by its time limit and taken up again.
    saved = ("--checkpoint", tmp_path / "checkpoint.npz", "--checkpoint-every", 0)
    stopped = run(clean, halves, *batches, "--max-iterations", 2000, *saved, "--time-limit", 0.02)
    assert stopped.returncode in (INTERRUPTED, DOUBTFUL), stopped.stderr
    run(clean, halves, *batches, "--max-iterations", 2000, *saved, "--resume")
    for name in ("L.npy", "R.npy"):
        assert (straight / name).read_bytes() == (halves / name).read_bytes()


@pytest.mark.parametrize(
    "options, words",
    [
        (("--penalty", "l1"), "takes no penalty"),
        (("--method", "proximal-gradient", "--penalty", "l2"), "penalty"),
        (("--method", "double-over-parameterisation", "--batch", 10), "parameters of every measurement"),
        (("--batch", -1), "batch"),
        (("--method", "gradient-descent", "--batch", 10, "--excess-risk"), "excess risk"),
    ],
)
def test_what_does_not_go_together_is_refused(clean, tmp_path, options, words):
    done = run(clean, tmp_path, *options)
    assert done.returncode == WRONG_USAGE
    assert words in done.stderr
