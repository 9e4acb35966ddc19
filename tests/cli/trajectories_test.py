"""history.csv of a descent by named parts: what the run did on its way, against NumPy."""

import csv

import numpy as np
import pytest
from conftest import BAD_INPUT, WRONG_USAGE, gossan, make, read_summary

PLAIN = ["phase", "k", "f", "gradient_norm", "step", "change", "seconds"]
OF_TRUTH = ["error", "signal", "cross", "residual", "aligned", "stray"]
MOVING = ["subspace_least", "subspace_largest", "subspace_residual", "subspace_drift", "subspace_incoherence"]


def columns(folder):
    with open(folder / "history.csv", newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    return {name: [row[name] for row in rows] if name == "phase" else np.array([float(row[name] or "nan") for row in rows])
            for name in rows[0]}


def sense(data, out, *options, truth=True):
    files = (data / "A.npy", data / "y.npy", *(("--truth", data / "X.npy") if truth else ()))
    done = gossan("sense", *files, *options, "--out", out)
    assert (out / "summary.json").exists(), done.stderr
    return columns(out), read_summary(out)


def decompose(L, R, X):
    """error, signal, cross, residual, aligned, stray with the complements of the singular vectors formed."""
    u, s, vt = np.linalg.svd(X)
    r = int((s > 1e-10 * s[0]).sum())
    SL, SR, EL, ER = u[:, :r].T @ L, vt[:r] @ R, u[:, r:].T @ L, vt[r:] @ R
    basis = np.linalg.svd((SL + SR).T, full_matrices=False)[0]
    P = basis @ basis.T
    off = np.eye(len(P)) - P
    norm = np.linalg.norm
    cross = np.hypot(norm(SL @ ER.T), norm(EL @ SR.T)) / np.sqrt(2)
    parts = [norm(L @ R.T - X), norm(np.diag(s[:r]) - SL @ SR.T), cross, norm(EL @ ER.T)]
    return parts + [norm(EL @ P @ ER.T), norm(EL @ off @ ER.T)], np.diag(SL @ SR.T) / s[:r]


def effective_rank(X):
    share = np.linalg.svd(X, compute_uv=False)
    share = share[share > 0] / share.sum()
    return np.exp(-(share * np.log(share)).sum())


class TestSymmetric:
    OPTIONS = ("--rank", 5, "--max-iterations", 700, "--set", "schedule.step=0.2", "--set", "init.alpha=1e-3")

    @pytest.fixture(scope="class")
    def run(self, sensing, tmp_path_factory):
        out = tmp_path_factory.mktemp("out")
        return out, *sense(sensing, out, *self.OPTIONS)

    def test_columns(self, run):
        assert list(run[1]) == [*PLAIN, "effective_rank", *OF_TRUTH, "learnt_1", "learnt_2", "generalisation_error"]
        assert list(run[1]["k"]) == list(range(1, 701))

    def test_the_last_row_is_the_answer(self, run, sensing):
        out, history, _ = run
        U, X = np.load(out / "U.npy"), np.load(sensing / "X.npy")
        parts, learnt = decompose(U, U, X)
        found = [history[name][-1] for name in OF_TRUTH]
        assert parts[0] < 0.01 and np.allclose(found, parts, rtol=1e-6, atol=1e-12)
        assert np.allclose([history["learnt_1"][-1], history["learnt_2"][-1]], learnt)
        assert np.isclose(history["effective_rank"][-1], effective_rank(U @ U.T))

    def test_the_parts_add_up_on_every_row(self, run):
        history = run[1]
        squares = history["signal"] ** 2 + 2 * history["cross"] ** 2 + history["residual"] ** 2
        assert np.allclose(history["error"] ** 2, squares, rtol=1e-9)

    def test_values_emerge_one_after_the_other(self, run):
        _, history, summary = run
        first = [int(history["k"][np.argmax(history[f"learnt_{i}"] >= 0.5)]) for i in (1, 2)]
        assert 1 < first[0] < first[1] and summary["trajectory"]["emergence"] == first

    def test_generalisation_follows_the_error(self, run):
        """Held-out Gaussian measurements: the root mean square of 30 of them estimates the error."""
        ratio = run[1]["generalisation_error"] / run[1]["error"]
        assert 0.5 < ratio.min() and ratio.max() < 2

    def test_the_budget_is_the_sum_of_the_steps(self, run):
        budget = run[2]["trajectory"]["budget"]
        assert np.isclose(budget["whole"], 0.2 / 0.01) and np.isclose(budget["travelled"], 0.2 * (1 - 0.99**700) / 0.01)
        # ln(1 / alpha) / 2 is the least for any spectrum, with the start's share in a direction about alpha
        assert np.log(1e3) / 2 < budget["needed"] < np.log(1e4)

    def test_nobody_is_disturbed_by_being_watched(self, run, sensing, tmp_path):
        history, summary = sense(sensing, tmp_path, *self.OPTIONS, truth=False)
        assert list(history) == [*PLAIN, "effective_rank"] and "emergence" not in summary["trajectory"]
        assert (tmp_path / "U.npy").read_bytes() == (run[0] / "U.npy").read_bytes()
        for name in ("f", "step", "change", "effective_rank"):
            assert np.array_equal(history[name], run[1][name])

    def test_the_report_draws_them(self, run):
        page = (run[0] / "report.html").read_text(encoding="utf-8")
        for title in ("Effective rank", "Signal and residual", "Learnt share of the true singular values", "Generalisation error"):
            assert title in page


def test_pairs(tmp_path):
    data = make("sense", tmp_path / "data", "--rows", 9, "--cols", 7, "--rank", 2, "--measurements", 500, "--condition", 3)
    history, summary = sense(data, tmp_path / "out", "--rank", 4, "--max-iterations", 900, "--set", "init.alpha=1e-3")
    L, R, X = (np.load(file) for file in (tmp_path / "out/L.npy", tmp_path / "out/R.npy", data / "X.npy"))
    parts, learnt = decompose(L, R, X)
    assert np.allclose([history[name][-1] for name in OF_TRUTH], parts, rtol=1e-6, atol=1e-12)
    assert np.allclose([history["learnt_1"][-1], history["learnt_2"][-1]], learnt)
    assert np.isclose(history["effective_rank"][-1], effective_rank(L @ R.T), rtol=1e-6)
    assert summary["trajectory"]["emergence"][0] < summary["trajectory"]["emergence"][1]


def test_completion_follows_the_moving_subspace(tmp_path):
    random = np.random.default_rng(2)
    B = random.normal(size=(14, 2))
    X, seen = B @ B.T, np.argwhere(random.random((14, 14)) < 0.85)
    np.save(tmp_path / "A.npy", seen)
    np.save(tmp_path / "y.npy", X[seen[:, 0], seen[:, 1]])
    np.save(tmp_path / "X.npy", X)
    parts = ("--operator", "entries", "--rows", 14, "--cols", 14, "--loss", "squared", "--schedule", "constant", "--set",
             "schedule.step=1", "--set", "init.alpha=1e-4", "--max-iterations", 1000)
    history, summary = sense(tmp_path, tmp_path / "out", *parts)
    assert list(history)[-5:] == MOVING and "budget" not in summary["trajectory"]
    root = np.sqrt(np.linalg.eigvalsh(X)[-2])
    assert root / 2 < history["subspace_least"][-1] < history["subspace_largest"][-1] < 2 * np.linalg.norm(B, 2)
    assert history["subspace_residual"][-1] < 0.01
    assert history["subspace_drift"][-1] < 0.1 and history["subspace_drift"].max() < 0.5
    assert np.allclose(history["subspace_incoherence"][0], np.linalg.norm(np.linalg.svd(X)[0][:, :2], axis=1).max(), atol=0.05)


class TestExcessRisk:
    """The split against runs on the signal and on the noise as data of their own."""

    OPTIONS = ("--rank", 4, "--loss", "squared", "--init", "small-random", "--set", "init.alpha=1e-2", "--schedule", "constant", "--set",
               "schedule.step=0.05", "--max-iterations", 300)

    @pytest.fixture(scope="class")
    def data(self, tmp_path_factory):
        folder = tmp_path_factory.mktemp("noisy")
        return make("sense", folder, "--rows", 10, "--rank", 1, "--measurements", 80, "--noise", 0.3, "--seed", 4)

    def test_is_that_of_three_runs(self, data, tmp_path):
        A, X, y = (np.load(data / f"{name}.npy") for name in ("A", "X", "y"))
        history, _ = sense(data, tmp_path / "both", *self.OPTIONS, "--excess-risk")
        assert list(history)[-3:] == ["excess_risk", "bias", "variance"]
        assert np.allclose(history["excess_risk"], history["error"] ** 2, rtol=1e-6)
        signal = np.tensordot(A, X)
        ends = {}
        for name, values in (("signal", signal), ("noise", y - signal)):
            (tmp_path / name).mkdir()
            np.save(tmp_path / name / "y.npy", values)
            done = gossan("sense", data / "A.npy", tmp_path / name / "y.npy", *self.OPTIONS, "--out", tmp_path / name / "out")
            U = np.load(tmp_path / name / "out/U.npy")
            assert done.returncode in (0, 4)
            ends[name] = U @ U.T
        assert np.isclose(history["bias"][-1], np.sum((ends["signal"] - X) ** 2), rtol=1e-6)
        assert np.isclose(history["variance"][-1], np.sum(ends["noise"] ** 2), rtol=1e-6)
        assert history["variance"][0] < 1e-3 < history["variance"][-1] and history["bias"][-1] < history["bias"][0]
        assert "Excess risk" in (tmp_path / "both/report.html").read_text(encoding="utf-8")

    @pytest.mark.parametrize("options, said", [
        ((), "expected a method, loss"),
        (("--method", "subgradient", "--init", "robust-spectral"), "expected init small-random or scaled-identity"),
    ])
    def test_is_refused_where_it_has_no_meaning(self, data, tmp_path, options, said):
        files = (data / "A.npy", data / "y.npy")
        done = gossan("sense", *files, "--truth", data / "X.npy", *options, "--excess-risk", "--out", tmp_path)
        assert done.returncode == WRONG_USAGE and said in done.stderr
        done = gossan("sense", *files, *self.OPTIONS, "--excess-risk", "--out", tmp_path)
        assert done.returncode == WRONG_USAGE and "only with the true matrix" in done.stderr


def test_warnings_of_a_way_that_is_too_short(sensing, tmp_path):
    _, summary = sense(sensing, tmp_path, "--max-iterations", 1500, "--set", "schedule.step=0.2")
    said = " ".join(summary["trajectory"]["warnings"])
    assert "stalled on a plateau" in said and "short way" in said
    assert said.split(":")[0] in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert None in summary["trajectory"]["emergence"]


def test_the_tuning_free_recovery_has_no_such_columns(sensing, tmp_path):
    history, summary = sense(sensing, tmp_path)
    assert list(history) == PLAIN and "trajectory" not in summary


def test_one_by_one(tmp_path):
    random = np.random.default_rng(3)
    A = random.normal(size=(40, 1, 1))
    for name, values in (("A", A), ("y", 4 * A[:, 0, 0]), ("X", [[4.0]])):
        np.save(tmp_path / f"{name}.npy", values)
    history, _ = sense(tmp_path, tmp_path / "out", "--method", "subgradient", "--max-iterations", 2500)
    assert history["error"][-1] < 1e-6 and set(history["effective_rank"]) == {1}
    assert np.all(history["cross"] == 0) and np.all(history["residual"] < 1e-15)


def test_a_truth_of_another_shape_is_refused(sensing, tmp_path):
    np.save(tmp_path / "X.npy", np.eye(3))
    done = gossan("sense", sensing / "A.npy", sensing / "y.npy", "--truth", tmp_path / "X.npy", "--method", "subgradient")
    assert done.returncode == BAD_INPUT and "expected a 12 x 12 matrix" in done.stderr
