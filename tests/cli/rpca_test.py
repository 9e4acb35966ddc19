"""`gossan rpca` as its users see it: files in, files and verdicts out, judged against the planted truth."""

import numpy as np
import pytest
from conftest import BAD_INPUT, DOUBTFUL, RECOVERED, WRONG_USAGE, gossan, make, read_summary

FILES = ["L.npy", "R.npy", "history.csv", "model.npz", "outliers.npy", "report.html", "summary.json"]


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """A 70 x 50 table of rank 3, 80 % of it observed, a fifth of that wrong."""
    options = ("--rows", 70, "--cols", 50, "--rank", 3, "--corrupted", 0.2, "--observed", 0.8, "--seed", 3)
    return make("rpca", tmp_path_factory.mktemp("table"), *options)


@pytest.fixture(scope="module")
def found(table, tmp_path_factory):
    out = tmp_path_factory.mktemp("found")
    done = gossan("rpca", table / "Y.npy", "--truth", table / "X.npy", "--sparse", "--low-rank", "--out", out)
    assert done.returncode == RECOVERED, done.stdout + done.stderr
    return out, done


def low_rank(folder):
    return np.load(folder / "L.npy") @ np.load(folder / "R.npy").T


class TestGenerate:
    def test_what_is_planted(self, table):
        Y, X, corrupted = (np.load(table / f"{name}.npy") for name in ("Y", "X", "corrupted"))
        seen = ~np.isnan(Y)
        assert abs(seen.mean() - 0.8) < 0.03 and abs(corrupted[seen].mean() - 0.2) < 0.03
        assert not corrupted[~seen].any() and np.allclose(Y[seen & ~corrupted], X[seen & ~corrupted])
        assert np.linalg.matrix_rank(X) == 3 and np.isclose(np.sqrt(np.mean(X**2)), 1)
        wrong = np.abs(Y - X)[corrupted]
        assert wrong.max() <= 10 * np.abs(X).mean() and wrong.max() > 9 * np.abs(X).mean()

    @pytest.mark.parametrize("kind", ["huge", "one-sided", "flip", "block"])
    def test_kinds(self, tmp_path, kind):
        make("rpca", tmp_path, "--rows", 60, "--cols", 40, "--kind", kind, "--corrupted", 0.3)
        Y, X, corrupted = (np.load(tmp_path / f"{name}.npy") for name in ("Y", "X", "corrupted"))
        added = (Y - X)[corrupted]
        mean = np.abs(X).mean()
        if kind == "flip":
            assert np.allclose(Y[corrupted], -X[corrupted])
        elif kind == "huge":
            assert 700 * mean < np.std(added) < 1300 * mean
        else:
            assert np.allclose(added, 10 * mean)
        if kind == "block":
            assert np.linalg.matrix_rank(corrupted.astype(float)) == 1


class TestRpca:
    def test_files(self, found):
        assert sorted(path.name for path in found[0].iterdir()) == sorted([*FILES, "X.npy", "sparse.npz"])

    def test_answer(self, found, table):
        X = np.load(table / "X.npy")
        assert np.linalg.norm(low_rank(found[0]) - X) < 1e-6 * np.linalg.norm(X)
        assert np.allclose(np.load(found[0] / "X.npy"), low_rank(found[0]))
        assert np.array_equal(np.load(found[0] / "outliers.npy"), np.load(table / "corrupted.npy"))

    def test_sparse_part(self, found, table):
        Y, corrupted = np.load(table / "Y.npy"), np.load(table / "corrupted.npy")
        with np.load(found[0] / "sparse.npz") as part:
            row, col = part["row"].astype(int), part["col"].astype(int)
            assert list(part["shape"]) == [70, 50]
            assert np.array_equal(np.column_stack([row, col]), np.argwhere(corrupted))
            assert np.allclose(part["value"], (Y - low_rank(found[0]))[row, col])

    def test_summary(self, found, table):
        summary = read_summary(found[0])
        assert summary["verdict"] == "trusted" and summary["rank"] == 3 and summary["noise_scale"] == 0
        assert summary["observed"] == np.sum(~np.isnan(np.load(table / "Y.npy")))
        assert summary["truth"]["relative_error"] < 1e-6
        assert summary["truth"]["corrupted_flagged"] == 1 and summary["truth"]["honest_flagged"] == 0
        assert summary["unseen_rows"] == [] and summary["doubtful_cols"] == []
        assert "exactly" in summary["choices"]["fit"]

    def test_preflight_is_told_beforehand(self, found):
        assert "preflight: 70 x 50 table" in found[1].stderr and "workspace" in found[1].stderr

    def test_report(self, found):
        page = (found[0] / "report.html").read_text(encoding="utf-8")
        assert "Where the outliers sit" in page and "Row" in page and "trusted" in page

    def test_every_format_reads_alike(self, found, table, tmp_path):
        Y = np.load(table / "Y.npy")
        rows, cols = np.nonzero(~np.isnan(Y))
        entries = "".join(f"{i + 1} {j + 1} {Y[i, j]!r}\n" for i, j in zip(rows.tolist(), cols.tolist()))
        header = f"%%MatrixMarket matrix coordinate real general\n70 50 {len(rows)}\n"
        (tmp_path / "Y.mtx").write_text(header + entries, encoding="utf-8")
        lines = [",".join("" if np.isnan(y) else repr(float(y)) for y in row) for row in Y]
        (tmp_path / "Y.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        np.savez(tmp_path / "Y.npz", table=Y, other=np.ones(3))
        np.save(tmp_path / "turned.npy", np.asfortranarray(Y))
        expected = np.load(found[0] / "L.npy")
        for name, more in (("Y.mtx", ()), ("Y.csv", ()), ("Y.npz", ("--variable", "table")), ("turned.npy", ())):
            done = gossan("rpca", tmp_path / name, *more, "--out", tmp_path / "out")
            assert done.returncode == RECOVERED, name + done.stderr
            assert np.array_equal(np.load(tmp_path / "out/L.npy"), expected), name

    def test_threads_change_no_bit(self, found, table, tmp_path):
        gossan("rpca", table / "Y.npy", "--threads", 1, "--out", tmp_path)
        assert (tmp_path / "L.npy").read_bytes() == (found[0] / "L.npy").read_bytes()

    def test_noise(self, tmp_path):
        make("rpca", tmp_path, "--rows", 100, "--cols", 80, "--rank", 2, "--noise", 0.02, "--corrupted", 0.1, "--seed", 2)
        done = gossan("rpca", tmp_path / "Y.npy", "--truth", tmp_path / "X.npy", "--out", tmp_path / "out")
        summary = read_summary(tmp_path / "out")
        assert done.returncode == RECOVERED and summary["rank"] == 2
        assert abs(summary["noise_scale"] / 0.02 - 1) < 0.05 and summary["truth"]["relative_error"] < 0.006
        assert "noisy" in summary["choices"]["fit"]

    def test_unseen_rows_are_named(self, table, tmp_path):
        Y = np.load(table / "Y.npy")
        Y[4] = Y[:, 7] = np.nan
        np.save(tmp_path / "Y.npy", Y)
        done = gossan("rpca", tmp_path / "Y.npy", "--out", tmp_path / "out")
        summary = read_summary(tmp_path / "out")
        assert done.returncode == DOUBTFUL and summary["unseen_rows"] == [4] and summary["unseen_cols"] == [7]
        assert "unseen rows" in done.stdout

    def test_integers(self, tmp_path):
        random = np.random.default_rng(1)
        X = random.integers(-4, 5, (60, 2)) @ random.integers(-4, 5, (2, 50))
        Y = np.where(random.random(X.shape) < 0.1, X + 30, X).astype(np.int16)
        np.save(tmp_path / "Y.npy", Y)
        assert gossan("rpca", tmp_path / "Y.npy", "--out", tmp_path / "out").returncode == RECOVERED
        assert np.abs(low_rank(tmp_path / "out") - X).max() < 1e-6

    def test_time_limit_leaves_what_there_is(self, table, tmp_path):
        done = gossan("rpca", table / "Y.npy", "--time-limit", 1e-6, "--out", tmp_path)
        summary = read_summary(tmp_path)
        assert done.returncode == DOUBTFUL and summary["status"] == "time_limit" and "Stopped" in summary["message"]


class TestRefusals:
    def test_too_large_for_memory(self, table, tmp_path):
        make("rpca", tmp_path, "--rows", 300, "--cols", 200)
        done = gossan("rpca", tmp_path / "Y.npy", "--memory-limit", 1, "--out", tmp_path / "out")
        assert done.returncode == WRONG_USAGE and "--memory-limit is 1 MB" in done.stderr and "MB with its workspace" in done.stderr
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize(
        ("values", "place"),
        [(np.ones((2, 2, 2)), "shape (2, 2, 2)"), (np.array([[1, np.inf], [1, 2]]), "entry (0, 1)"), (np.ones((0, 3)), "shape (0, 3)")],
    )
    def test_no_table(self, tmp_path, values, place):
        np.save(tmp_path / "Y.npy", values)
        done = gossan("rpca", tmp_path / "Y.npy", "--out", tmp_path / "out")
        assert done.returncode == BAD_INPUT and place in done.stderr

    def test_entry_given_twice(self, tmp_path):
        (tmp_path / "Y.mtx").write_text("%%MatrixMarket matrix coordinate real general\n2 2 2\n1 1 3\n1 1 4\n", encoding="utf-8")
        done = gossan("rpca", tmp_path / "Y.mtx", "--out", tmp_path / "out")
        assert done.returncode == BAD_INPUT and "row 1, column 1 twice" in done.stderr

    def test_truth_of_another_shape(self, table, tmp_path):
        np.save(tmp_path / "X.npy", np.ones((3, 3)))
        done = gossan("rpca", table / "Y.npy", "--truth", tmp_path / "X.npy", "--out", tmp_path / "out")
        assert done.returncode == BAD_INPUT and "expected a 70 x 50 matrix" in done.stderr

    def test_unknown_method(self, table):
        done = gossan("rpca", table / "Y.npy", "--method", "magic")
        assert done.returncode == WRONG_USAGE and "magic" in done.stderr
