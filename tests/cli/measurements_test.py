"""How measurement matrices are held: as narrow as is exact, streamed from disk, or drawn anew from a name and a seed."""

import json

import numpy as np
import pytest
from conftest import BAD_INPUT, RECOVERED, WRONG_USAGE, gossan, make, read_summary

RANK, SIDE, COUNT = 2, 12, 600


def planted(dtype, symmetric=False):
    """Whole-number matrices of +-20, y exact but for a tenth of it, and the truth."""
    random = np.random.default_rng(5)
    A = random.integers(-20, 21, (COUNT, SIDE, SIDE)).astype(dtype)
    if symmetric:
        A = ((A + A.transpose(0, 2, 1)) // 2).astype(dtype)
    U = random.standard_normal((SIDE, RANK)) / np.sqrt(SIDE)
    X = U @ U.T
    y = np.einsum("nij,ij->n", A.astype(float), X)
    y[:: 10] += 100 * random.standard_normal(len(y[:: 10]))
    return A, y, X


def run(tmp_path, A, y, X, *more):
    for name, array in (("A", A), ("y", y), ("X", X)):
        np.save(tmp_path / f"{name}.npy", array)
    files = (tmp_path / "A.npy", tmp_path / "y.npy", "--truth", tmp_path / "X.npy")
    done = gossan("sense", *files, "--max-iterations", 3000, "--out", tmp_path / "out", *more)
    assert done.returncode == RECOVERED, done.stderr
    return read_summary(tmp_path / "out")


@pytest.mark.parametrize("symmetric, narrowest", [(True, "i8"), (False, "f16")])
@pytest.mark.parametrize("dtype", ["i1", "f4", "f8"])
def test_auto_holds_every_number_exactly_whatever_type_it_came_in(tmp_path, dtype, symmetric, narrowest):
    summary = run(tmp_path, *planted(dtype, symmetric))
    assert summary["choices"]["storage"].startswith(f"{narrowest}, symmetric parts, ")
    assert summary["rank"] == RANK and summary["truth"]["relative_error"] < 1e-9


def test_a_pair_of_factors_has_whole_matrices(tmp_path):
    summary = run(tmp_path, *planted("i1"), "--model", "factor-pair")
    assert summary["choices"]["storage"].startswith("i8, ") and "symmetric" not in summary["choices"]["storage"]


def test_numbers_that_only_double_holds_are_held_in_double(tmp_path):
    A, y, X = planted("f8")
    A = A + 1e-12
    summary = run(tmp_path, A, np.where(np.arange(COUNT) % 10, np.einsum("nij,ij->n", A, X), y), X)
    assert summary["choices"]["storage"].startswith("f64")


def test_a_chosen_precision_rounds(tmp_path):
    A, y, X = planted("f8")
    A = A * 1.2345678901
    y[np.arange(COUNT) % 10 > 0] = np.einsum("nij,ij->n", A, X)[np.arange(COUNT) % 10 > 0]
    summary = run(tmp_path, A, y, X, "--precision", "single")
    assert summary["choices"]["storage"].startswith("f32") and summary["options"]["precision"] == "single"
    assert summary["rank"] == RANK and 1e-12 < summary["truth"]["relative_error"] < 1e-5


def test_numbers_beyond_a_chosen_precision_are_refused(tmp_path, sensing):
    done = gossan("sense", sensing / "A.npy", sensing / "y.npy", "--precision", "int8", "--out", tmp_path / "out")
    assert done.returncode == BAD_INPUT and "A.npy" in done.stderr and "i8" in done.stderr
    assert not (tmp_path / "out").exists()


class TestMemoryLimit:
    @pytest.fixture(scope="class")
    def large(self, tmp_path_factory):
        options = ("--rows", 12, "--rank", 2, "--condition", 2, "--measurements", 2000, "--corrupted", 0.1, "--seed", 5)
        return make("sense", tmp_path_factory.mktemp("large"), *options)

    def test_a_larger_file_is_streamed_to_the_same_answer(self, large, tmp_path):
        files = (large / "A.npy", large / "y.npy", "--truth", large / "X.npy", "--max-iterations", 3000)
        for name, more in (("held", ()), ("streamed", ("--memory-limit", 1))):
            assert gossan("sense", *files, *more, "--out", tmp_path / name).returncode == RECOVERED
        held, streamed = read_summary(tmp_path / "held"), read_summary(tmp_path / "streamed")
        assert streamed["choices"]["storage"] == "streamed from disk, with at most 1 MB in memory"
        assert max(held["truth"]["relative_error"], streamed["truth"]["relative_error"]) < 1e-9
        assert held["rank"] == streamed["rank"] == 2

    def test_a_file_that_fits_is_held(self, sensing, tmp_path):
        gossan("sense", sensing / "A.npy", sensing / "y.npy", "--memory-limit", 1, "--max-iterations", 5, "--out", tmp_path)
        assert "streamed" not in read_summary(tmp_path)["choices"]["storage"]

    def test_what_cannot_be_streamed_is_refused(self, large, tmp_path):
        np.save(tmp_path / "A.npy", np.asfortranarray(np.load(large / "A.npy")))
        done = gossan("sense", tmp_path / "A.npy", large / "y.npy", "--memory-limit", 1, "--out", tmp_path / "out")
        assert done.returncode == BAD_INPUT and "C order" in done.stderr
        done = gossan("sense", large / "A.npy", large / "y.npy", "--memory-limit", 1, "--precision", "half", "--out", tmp_path / "out")
        assert done.returncode == BAD_INPUT and "--precision" in done.stderr


class TestEnsembles:
    OPTIONS = ("--rows", 12, "--rank", 2, "--condition", 2, "--measurements", 700, "--corrupted", 0.1, "--seed", 3)

    @pytest.mark.parametrize("ensemble", ["rademacher", "gaussian-table"])
    @pytest.mark.parametrize("generator", ["philox", "ars"])
    def test_a_name_and_a_seed_are_enough(self, tmp_path, ensemble, generator):
        data = make("sense", tmp_path / "data", *self.OPTIONS, "--ensemble", ensemble, "--generator", generator)
        assert sorted(path.name for path in data.iterdir()) == ["X.npy", "corrupted.npy", "ensemble.json", "generate.json", "y.npy"]
        files = (data / "ensemble.json", data / "y.npy", "--truth", data / "X.npy", "--max-iterations", 3000)
        done = gossan("sense", *files, "--out", tmp_path / "out")
        assert done.returncode == RECOVERED, done.stderr
        summary = read_summary(tmp_path / "out")
        assert summary["truth"]["relative_error"] < 1e-8 and summary["rank"] == 2
        assert summary["choices"]["operator"].startswith(f"{ensemble}, {generator} seed 3")

    @pytest.mark.parametrize(
        "change, expected",
        [
            ({"ensemble": "uniform"}, "uniform"),
            ({"measurements": 0}, "measurements"),
            ({"measurements": 699}, "699"),
            ({"rows": -1}, "rows"),
            ({"rows": 13}, "13 x 12"),
            ({"seed": [1]}, "seed"),
            ({"colour": 1}, "colour"),
            ({"schema_version": 2}, "schema_version"),
            (None, "JSON"),
        ],
    )
    def test_a_file_that_describes_none_is_refused(self, tmp_path, change, expected):
        data = make("sense", tmp_path / "data", *self.OPTIONS, "--ensemble", "rademacher")
        file = data / "ensemble.json"
        text = "nonsense" if change is None else json.dumps({**json.loads(file.read_text()), **change})
        file.write_text(text)
        done = gossan("sense", file, data / "y.npy", "--out", tmp_path / "out")
        assert done.returncode == BAD_INPUT and expected in done.stderr, done.stderr
        assert not (tmp_path / "out").exists()

    def test_options_of_arrays_are_refused(self, tmp_path):
        data = make("sense", tmp_path / "data", *self.OPTIONS, "--ensemble", "rademacher")
        for more in (("--operator", "dense"), ("--precision", "single"), ("--memory-limit", 5)):
            done = gossan("sense", data / "ensemble.json", data / "y.npy", *more, "--out", tmp_path / "out")
            assert done.returncode == WRONG_USAGE, done.stderr
