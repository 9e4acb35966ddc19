"""`gossan apply`: a low-rank model from `gossan rpca` and rows that it has not seen."""

import csv

import numpy as np
import pytest
from conftest import BAD_INPUT, DOUBTFUL, RECOVERED, gossan, make, read_summary

OLD = 80


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """The first rows of a planted table of rank 3 and their model; the others are new."""
    folder = tmp_path_factory.mktemp("planted")
    make("rpca", folder, "--rows", 120, "--cols", 50, "--rank", 3, "--corrupted", 0.2, "--observed", 0.9, "--seed", 7)
    Y = np.load(folder / "Y.npy")
    np.save(folder / "old.npy", Y[:OLD])
    np.save(folder / "new.npy", Y[OLD:])
    done = gossan("rpca", folder / "old.npy", "--out", folder / "fit")
    assert done.returncode == RECOVERED, done.stderr
    return folder


def apply(planted, out, *more):
    return gossan("apply", planted / "fit" / "model.npz", planted / "new.npy", "--out", out, *more)


def test_scores_flags_and_fills(planted, tmp_path):
    done = apply(planted, tmp_path)
    assert done.returncode == RECOVERED, done.stdout + done.stderr
    X, corrupted, Y = np.load(planted / "X.npy")[OLD:], np.load(planted / "corrupted.npy")[OLD:], np.load(planted / "new.npy")
    holes = np.isnan(Y)
    filled = np.load(tmp_path / "filled.npy")
    assert holes.any() and np.allclose(filled[holes], X[holes], rtol=0, atol=1e-6)
    assert np.array_equal(filled[~holes], Y[~holes])
    assert (np.load(tmp_path / "outliers.npy") != corrupted).sum() <= 1
    V = np.load(planted / "fit" / "model.npz")["V"]
    assert np.allclose(np.load(tmp_path / "coefficients.npy") @ V.T, X, atol=1e-6)
    with open(tmp_path / "rows.csv", newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    assert len(rows) == len(Y) and {row["fit"] for row in rows} == {"fitted"}
    assert [int(row["observed"]) for row in rows] == list((~holes).sum(axis=1))
    assert [int(row["outliers"]) for row in rows] == list(np.load(tmp_path / "outliers.npy").sum(axis=1))
    summary = read_summary(tmp_path)
    assert summary["rows"] == {"fitted": len(Y), "misfit": 0, "unchecked": 0, "undetermined": 0}
    assert "rows scored by a model" in (tmp_path / "report.html").read_text()


def test_columns_and_rows_of_very_different_size(planted, tmp_path):
    cols, rows = 10.0 ** np.linspace(-3, 3, 50), 10.0 ** np.linspace(3, -3, 120)[:, None]
    X, Y = np.load(planted / "X.npy") * rows * cols, np.load(planted / "Y.npy") * rows * cols
    corrupted, holes = np.load(planted / "corrupted.npy")[OLD:], np.isnan(Y[OLD:])
    np.save(tmp_path / "old.npy", Y[:OLD])
    np.save(tmp_path / "new.npy", Y[OLD:])
    assert gossan("rpca", tmp_path / "old.npy", "--out", tmp_path / "fit").returncode == RECOVERED
    model = tmp_path / "fit" / "model.npz"
    for out in ("first", "again"):
        done = gossan("apply", model, tmp_path / "new.npy", "--update", "--out", tmp_path / out)
        assert done.returncode == RECOVERED, done.stdout + done.stderr
        filled, sizes = np.load(tmp_path / out / "filled.npy"), (rows * cols)[OLD:]
        assert np.abs((filled - X[OLD:]) / sizes)[holes].max() < 1e-5
        assert np.array_equal(filled[~holes], Y[OLD:][~holes])
        assert (np.load(tmp_path / out / "outliers.npy") != corrupted).sum() <= 2
        parts, C = np.load(model), np.load(tmp_path / out / "coefficients.npy")
        assert np.abs((C @ parts["V"].T * parts["col_unit"] - X[OLD:]) / sizes).max() < 1e-5
        model = tmp_path / out / "model.npz"


def test_rows_taken_in(planted, tmp_path):
    assert apply(planted, tmp_path / "first", "--update").returncode == RECOVERED
    model = np.load(tmp_path / "first" / "model.npz")
    assert model["rows_seen"] == 120
    again = gossan("apply", tmp_path / "first" / "model.npz", planted / "new.npy", "--out", tmp_path / "again")
    assert again.returncode == RECOVERED
    assert not (tmp_path / "again" / "model.npz").exists()


def test_a_stranger_is_named(planted, tmp_path):
    Y = np.load(planted / "new.npy")
    Y[3] = np.random.default_rng(1).normal(size=Y.shape[1])
    Y[4] = np.nan
    np.savetxt(tmp_path / "new.csv", Y, delimiter=",")
    done = gossan("apply", planted / "fit" / "model.npz", tmp_path / "new.csv", "--out", tmp_path / "out")
    assert done.returncode == DOUBTFUL and "1 do not" in read_summary(tmp_path / "out")["message"]
    with open(tmp_path / "out" / "rows.csv", newline="", encoding="utf-8") as text:
        fits = [row["fit"] for row in csv.DictReader(text)]
    assert fits[3] == "misfit" and fits[4] == "undetermined" and fits.count("fitted") == len(Y) - 2
    assert np.isnan(np.load(tmp_path / "out" / "filled.npy")[4]).all()


@pytest.mark.parametrize("damage", ["cut", "foreign", "columns"])
def test_bad_input(planted, tmp_path, damage):
    model, new = tmp_path / "model.npz", planted / "new.npy"
    content = (planted / "fit" / "model.npz").read_bytes()
    model.write_bytes(content[:-500] if damage == "cut" else content)
    if damage == "foreign":
        np.savez(model, A=np.eye(3))
    if damage == "columns":
        new = tmp_path / "new.npy"
        np.save(new, np.zeros((4, 49)))
    done = gossan("apply", model, new, "--out", tmp_path / "out")
    assert done.returncode == BAD_INPUT and str(new if damage == "columns" else model) in done.stderr
    assert done.stderr.count("\n") == 1 and not (tmp_path / "out").exists()
