"""gossan probe: its numbers are judged by the loss itself, computed here."""

import json

import numpy as np
import pytest
from conftest import BAD_INPUT, RECOVERED, WRONG_USAGE, gossan, make, read_summary


@pytest.fixture(scope="module")
def saddle(tmp_path_factory):
    """Half of 200 measurements of a 20 x 20 matrix of rank 1 are wrong: at 20 columns the truth is a strict saddle."""
    options = ("--rows", 20, "--rank", 1, "--measurements", 200, "--corrupted", 0.5, "--seed", 1)
    return make("sense", tmp_path_factory.mktemp("saddle"), *options)


def probe(data, out, *options):
    done = gossan("probe", data / "A.npy", data / "y.npy", "--out", out, *options)
    assert done.returncode == RECOVERED, done.stderr
    return done, read_summary(out)


def loss(data, X):
    return np.abs(np.einsum("eab,ab->e", np.load(data / "A.npy"), X) - np.load(data / "y.npy")).mean()


def test_the_truth_is_a_strict_saddle_and_the_step_descends(saddle, tmp_path):
    done, found = probe(saddle, tmp_path, "--at", saddle / "X.npy", "--at-kind", "matrix", "--rank", 20, "--truth", saddle / "X.npy")
    assert found["verdict"] == "strict saddle"
    assert done.stdout.startswith("probe: strict saddle") and "does not make the point wrong" in done.stdout
    assert found["rank"] == 1 and found["search_rank"] == 20 and found["direction"]["freedom"] == 19
    assert found["zero_residuals"] == 100 and found["nonzero_residuals"] == 100
    assert found["truth"]["relative_error"] < 1e-12 and found["truth"]["objective"] == pytest.approx(found["objective"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dU.npy", "report.html", "summary.json"]

    X, step = np.load(saddle / "X.npy"), np.load(tmp_path / "dU.npy")
    values, vectors = np.linalg.eigh(X)
    U = vectors[:, -1:] * np.sqrt(values[-1])
    gamma = found["direction"]["differences"][0]["gamma"]
    # dU dU^T is all that the step changes: of the truth's own column it knows nothing
    change = loss(saddle, U @ U.T + step @ step.T) - loss(saddle, U @ U.T)
    assert change < 0
    assert change / gamma**2 == pytest.approx(found["direction"]["slope"], rel=1e-6)
    assert np.linalg.norm(step @ step.T) == pytest.approx(gamma**2)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "strict saddle" in page and "The loss along the direction" in page and "Sign-RIP" in page


def test_a_sharp_truth(sensing, tmp_path):
    _, found = probe(sensing, tmp_path, "--at", sensing / "X.npy", "--at-kind", "matrix", "--json")
    assert found["verdict"] == "no descent found" and "no optimality" in found["message"]
    assert found["rank"] == found["search_rank"] == 2
    assert found["direction"] is None and "full rank" in found["no_direction"]
    assert found["sharpness"]["least"] > 0
    assert found["sign_rip"]["k"] == [2, 4, 8] and found["sign_rip"]["reference"] == "point"
    assert "truth" not in found


def test_json_is_the_summary(sensing, tmp_path):
    done, found = probe(sensing, tmp_path, "--at", sensing / "X.npy", "--at-kind", "matrix", "--json", "--draws", 2)
    assert json.loads(done.stdout) == found and len(found["sign_rip"]["draws"]) == 2


def test_same_numbers_on_any_number_of_threads(saddle, tmp_path):
    at = ("--at", saddle / "X.npy", "--at-kind", "matrix", "--rank", 6)
    one = probe(saddle, tmp_path / "1", *at, "--threads", 1)[1]
    three = probe(saddle, tmp_path / "3", *at, "--threads", 3)[1]
    for key in ("stationarity", "direction", "sharpness", "sign_rip"):
        assert one[key] == three[key]


def test_what_sense_found_can_be_probed(sensing, tmp_path):
    gossan("sense", sensing / "A.npy", sensing / "y.npy", "--out", tmp_path / "sense")
    _, found = probe(sensing, tmp_path / "probe", "--at", tmp_path / "sense" / "U.npy", "--truth", sensing / "X.npy")
    assert found["rank"] == 2 and found["truth"]["relative_error"] < 1e-6
    assert found["verdict"] == "no descent found"


def test_a_pair_of_factors(tmp_path):
    data = make("sense", tmp_path / "data", "--rows", 9, "--cols", 7, "--rank", 2, "--measurements", 400)
    _, whole = probe(data, tmp_path / "whole", "--at", data / "X.npy", "--at-kind", "matrix", "--rank", 4)
    left, values, right = np.linalg.svd(np.load(data / "X.npy"))
    np.save(tmp_path / "L.npy", left[:, :2] * np.sqrt(values[:2]))
    np.save(tmp_path / "R.npy", right[:2].T * np.sqrt(values[:2]))
    factors = ("--at", tmp_path / "L.npy", "--at-right", tmp_path / "R.npy", "--rank", 4)
    _, pair = probe(data, tmp_path / "pair", *factors)
    assert pair["choices"]["model"] == "factor-pair"
    assert pair["direction"]["slope"] == pytest.approx(whole["direction"]["slope"], rel=1e-9)
    assert np.load(tmp_path / "pair" / "dL.npy").shape == (9, 4) and np.load(tmp_path / "pair" / "dR.npy").shape == (7, 4)


def test_smooth_losses_have_a_hessian(sensing, tmp_path):
    at = ("--at", sensing / "X.npy", "--at-kind", "matrix")
    _, squared = probe(sensing, tmp_path / "squared", *at, "--loss", "squared")
    assert squared["direction"] is None and squared["sharpness"] is None
    assert squared["hessian"]["smallest"] < squared["hessian"]["largest"]
    assert squared["verdict"] == "not stationary"  # gross errors pull at the squared loss
    _, huber = probe(sensing, tmp_path / "huber", *at, "--loss", "huber", "--set", "loss.delta=0.01")
    assert huber["stationarity"]["residual"] < squared["stationarity"]["residual"]
    assert huber["options"]["loss.delta"] == "0.01"


def test_the_zero_point_and_one_measurement(sensing, tmp_path):
    np.save(tmp_path / "zero.npy", np.zeros((12, 2)))
    _, found = probe(sensing, tmp_path / "zero", "--at", tmp_path / "zero.npy")
    assert found["rank"] == 0 and found["verdict"] == "strict saddle" and found["sharpness"] is None
    np.save(tmp_path / "A.npy", np.full((1, 1, 1), 2.0))
    np.save(tmp_path / "y.npy", np.array([8.0]))
    np.save(tmp_path / "u.npy", np.array([2.0]))
    _, one = probe(tmp_path, tmp_path / "one", "--at", tmp_path / "u.npy")
    assert one["verdict"] == "no descent found" and one["objective"] == 0


def refused(done, code, *expected):
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert all(str(part) in done.stderr for part in expected), done.stderr
    assert done.stdout == "" and done.stderr.startswith("gossan probe")


BAD_POINTS = {
    "too few rows": (np.ones((11, 2)), ["11 rows", "12"]),
    "nan": (np.full((12, 2), np.nan), ["entry (0, 0)", "nan"]),
    "infinite": (np.full((12, 2), np.inf), ["entry (0, 0)", "inf"]),
    "three axes": (np.ones((12, 2, 2)), ["shape (12, 2, 2)", "matrix"]),
    "no columns": (np.ones((12, 0)), ["shape (12, 0)"]),
}


@pytest.mark.parametrize("name", BAD_POINTS)
def test_bad_points(name, sensing, tmp_path):
    point, expected = BAD_POINTS[name]
    np.save(tmp_path / "U.npy", point)
    out = tmp_path / "out"
    refused(gossan("probe", sensing / "A.npy", sensing / "y.npy", "--at", tmp_path / "U.npy", "--out", out), BAD_INPUT, "U.npy", *expected)
    assert not out.exists()


def test_pairs_that_do_not_go_together(sensing, tmp_path):
    for name, rows, cols in (("L", 12, 2), ("narrow", 12, 1), ("short", 5, 2)):
        np.save(tmp_path / f"{name}.npy", np.ones((rows, cols)))
    base = ("probe", sensing / "A.npy", sensing / "y.npy", "--out", tmp_path / "out", "--at", tmp_path / "L.npy", "--at-right")
    refused(gossan(*base, tmp_path / "narrow.npy"), BAD_INPUT, "narrow.npy", "2 columns")
    refused(gossan(*base, tmp_path / "short.npy"), BAD_INPUT, "short.npy", "5 rows", "12")
    refused(gossan(*base, tmp_path / "missing.npy"), BAD_INPUT, "missing.npy")


def test_wrong_usage(sensing, tmp_path):
    rectangular = make("sense", tmp_path / "data", "--rows", 6, "--cols", 5, "--rank", 1, "--measurements", 40)
    np.save(tmp_path / "U.npy", np.ones((6, 1)))
    base = ("probe", sensing / "A.npy", sensing / "y.npy", "--out", tmp_path / "out")
    at = ("--at", sensing / "X.npy", "--at-kind", "matrix")
    refused(gossan(*base), WRONG_USAGE, "--at")
    refused(gossan(*base, *at, "--at-right", sensing / "X.npy"), WRONG_USAGE, "--at-right", "matrix")
    refused(gossan(*base, *at, "--rank", 1), WRONG_USAGE, "--rank", "rank of the matrix, 2")
    refused(gossan(*base, "--at", sensing / "X.npy", "--rank", 3), WRONG_USAGE, "--rank", "12")
    refused(gossan(*base, *at, "--loss", "hubber"), WRONG_USAGE, "huber")
    refused(gossan(*base, *at, "--cut", -1), WRONG_USAGE, "cut", "-1")
    refused(gossan(*base, *at, "--tolerance", 0), WRONG_USAGE, "tolerance")
    refused(gossan(*base, *at, "--set", "loss.delta=1"), WRONG_USAGE, "loss.delta")
    refused(gossan("probe", rectangular / "A.npy", rectangular / "y.npy", "--at", tmp_path / "U.npy", "--out", tmp_path / "out"),
            WRONG_USAGE, "6 x 5", "--at-right")
    assert not (tmp_path / "out").exists()


def test_a_truth_that_does_not_fit(sensing, tmp_path):
    np.save(tmp_path / "zero.npy", np.zeros((12, 12)))
    np.save(tmp_path / "small.npy", np.ones((3, 3)))
    base = ("probe", sensing / "A.npy", sensing / "y.npy", "--at", sensing / "X.npy", "--at-kind", "matrix", "--out", tmp_path / "out")
    refused(gossan(*base, "--truth", tmp_path / "zero.npy"), BAD_INPUT, "zero.npy", "all zero")
    refused(gossan(*base, "--truth", tmp_path / "small.npy"), BAD_INPUT, "small.npy", "12 x 12")
