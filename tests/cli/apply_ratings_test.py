"""`gossan apply`: a model from `gossan complete`, and entries of rows that it has and has not seen."""

import csv
import os
import warnings
from pathlib import Path

import numpy as np
import pytest
from conftest import BAD_INPUT, DOUBTFUL, RECOVERED, SOURCE, WRONG_USAGE, gossan, make, read_summary


@pytest.fixture(scope="module")
def rated(tmp_path_factory):
    """Ratings of 200 rows, those of the last 40 kept back; ids are text, and the file of the others has a header."""
    folder = tmp_path_factory.mktemp("rated")
    options = ("--rows", 200, "--cols", 150, "--observed", 0.4, "--random", 0.05, "--noise", 0.5, "--seed", 2)
    make("ratings", folder, *options)
    with open(folder / "ratings.csv", newline="", encoding="utf-8") as text:
        lines = [(int(line["row"]), int(line["col"]), line["value"]) for line in csv.DictReader(text)]
    old = [f'"user, {i}",film {j},{value}\n' for i, j, value in lines if i < 160]
    new = [f'"user, {i}",film {j},{value}\n' for i, j, value in lines if i >= 160]
    (folder / "old.csv").write_text("user,movie,rating\n" + "".join(old))
    (folder / "new.csv").write_text("".join(line for k, line in enumerate(new) if k % 5))
    (folder / "rest.csv").write_text("".join(new[::5]))
    done = gossan("complete", folder / "old.csv", "--out", folder / "fit")
    assert done.returncode == RECOVERED, done.stderr
    return folder


def read_rows(file):
    with open(file, newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def apply_ratings(rated, new, out, *more):
    return gossan("apply", rated / "fit" / "model.npz", new, "--range", "1:5", "--out", out, *more)


def test_new_rows_of_ratings(rated, tmp_path):
    pairs = '"user, 170",film 3\n"user, 5",film 3\nnobody,film 3\n"user, 170",unheard of\nnobody,nothing\n'
    (tmp_path / "pairs.csv").write_text(pairs)
    done = apply_ratings(rated, rated / "new.csv", tmp_path, "--predict", tmp_path / "pairs.csv", "--test", rated / "rest.csv")
    assert done.returncode == RECOVERED, done.stdout + done.stderr
    answers = read_rows(tmp_path / "predictions.csv")
    assert [line["unknown"] for line in answers] == ["", "", "row", "column", "both"]
    assert all(1 <= float(line["value"]) <= 5 and float(line["sd"]) > 0 for line in answers)
    assert float(answers[0]["sd"]) < float(answers[2]["sd"]) and float(answers[0]["sd"]) < float(answers[3]["sd"])
    expected = np.clip(np.load(rated / "X.npy"), 1, 5)
    for line in answers[:2]:
        row, col = int(line["row"].split()[-1]), int(line["col"].split()[-1])
        assert abs(float(line["value"]) - expected[row, col]) < 1
    summary = read_summary(tmp_path)
    assert summary["new_rows"] == 40 and summary["known_rows"] == 0 and summary["passed_over"] == 0
    assert summary["choices"]["model"] in ("ratings: student-t", "ratings: ordinal")
    rows = read_rows(tmp_path / "rows.csv")
    assert [line["id"] for line in rows] == sorted(f"user, {i}" for i in range(160, 200))
    assert np.load(tmp_path / "row_factors.npy").shape[0] == 40
    assert sum(int(line["flagged"]) for line in rows) == len(read_rows(tmp_path / "flagged.csv"))
    together = tmp_path / "all.csv"
    together.write_text((rated / "old.csv").read_text() + (rated / "new.csv").read_text())
    refit = gossan("complete", together, "--test", rated / "rest.csv", "--range", "1:5", "--out", tmp_path / "refit")
    assert refit.returncode == RECOVERED
    assert summary["test"]["rmse"] < 1.03 * read_summary(tmp_path / "refit")["test"]["rmse"]
    assert abs(summary["test"]["coverage"] - 0.9) < 0.05


def test_ratings_taken_in(rated, tmp_path):
    assert apply_ratings(rated, rated / "new.csv", tmp_path / "first", "--update").returncode == RECOVERED
    before, after = np.load(rated / "fit" / "model.npz"), np.load(tmp_path / "first" / "model.npz")
    assert len(after["row_mean"]) == 200 and not np.array_equal(after["col_mean"], before["col_mean"])
    names = bytes(after["row_ids"].astype(np.uint8)).decode().split("\0")[:-1]
    assert len(names) == 200 and names[-1] == "user, 199"
    more = gossan("apply", tmp_path / "first" / "model.npz", rated / "rest.csv", "--out", tmp_path / "again")
    assert more.returncode == RECOVERED
    summary = read_summary(tmp_path / "again")
    assert summary["new_rows"] == 0 and summary["known_rows"] == 40
    assert not (tmp_path / "again" / "model.npz").exists()


def test_unknown_columns_are_passed_over_and_repeated_pairs_averaged(rated, tmp_path):
    (tmp_path / "new.csv").write_text("nina,film 3,5\nnina,film 3,4\nnina,unheard of,1\n")
    done = apply_ratings(rated, tmp_path / "new.csv", tmp_path / "out")
    assert done.returncode == RECOVERED and "does not know" in done.stdout and "averaged" in done.stdout
    summary = read_summary(tmp_path / "out")
    assert summary["passed_over"] == 1 and summary["repeated"] == 1 and summary["observed"] == 1


def test_rows_without_a_known_column_do_not_join(rated, tmp_path):
    (tmp_path / "new.csv").write_text("nina,film 3,5\nghost,unheard of,1\n")
    done = apply_ratings(rated, tmp_path / "new.csv", tmp_path / "out", "--update")
    assert done.returncode == RECOVERED and read_summary(tmp_path / "out")["new_rows"] == 1
    model = np.load(tmp_path / "out" / "model.npz")
    names = bytes(model["row_ids"].astype(np.uint8)).decode().split("\0")[:-1]
    assert names[-1] == "nina" and "ghost" not in names and len(model["row_mean"]) == len(names)


def test_a_stopped_run_takes_nothing_in_and_no_old_file_stays(rated, tmp_path):
    (tmp_path / "pairs.csv").write_text("nobody,film 3\n")
    apply_ratings(rated, rated / "new.csv", tmp_path / "out", "--update", "--predict", tmp_path / "pairs.csv")
    assert (tmp_path / "out" / "model.npz").exists() and (tmp_path / "out" / "predictions.csv").exists()
    done = apply_ratings(rated, rated / "new.csv", tmp_path / "out", "--update", "--time-limit", 1e-9)
    assert done.returncode == DOUBTFUL and "was stopped" in done.stdout
    assert not (tmp_path / "out" / "model.npz").exists() and not (tmp_path / "out" / "predictions.csv").exists()


def test_ids_that_only_the_model_joins_are_averaged(tmp_path):
    """A text id keeps "7" and "007" apart in the file; the model, whose ids are integers, has one of them."""
    make("ratings", tmp_path, "--rows", 60, "--cols", 30, "--observed", 0.5, "--seed", 3)
    assert gossan("complete", tmp_path / "ratings.csv", "--out", tmp_path / "fit").returncode in (RECOVERED, DOUBTFUL)
    (tmp_path / "new.csv").write_text("7,3,5\n007,03,1\nx,3,4\n")
    done = gossan("apply", tmp_path / "fit" / "model.npz", tmp_path / "new.csv", "--update", "--out", tmp_path / "out")
    assert done.returncode in (RECOVERED, DOUBTFUL), done.stderr
    summary = read_summary(tmp_path / "out")
    assert (summary["observed"], summary["repeated"], summary["known_rows"], summary["new_rows"]) == (2, 1, 1, 1)
    again = gossan("apply", tmp_path / "out" / "model.npz", tmp_path / "new.csv", "--out", tmp_path / "again")
    assert again.returncode in (RECOVERED, DOUBTFUL) and read_summary(tmp_path / "again")["known_rows"] == 2


def test_a_matrix_of_ratings_goes_on_below_the_model(tmp_path):
    make("ratings", tmp_path, "--rows", 80, "--cols", 40, "--observed", 0.5, "--seed", 3)
    matrix = np.full((80, 40), np.nan)
    for line in read_rows(tmp_path / "ratings.csv"):
        matrix[int(line["row"]), int(line["col"])] = float(line["value"])
    np.save(tmp_path / "old.npy", matrix[:60])
    np.save(tmp_path / "new.npy", matrix[60:])
    assert gossan("complete", tmp_path / "old.npy", "--out", tmp_path / "fit").returncode in (RECOVERED, DOUBTFUL)
    done = gossan("apply", tmp_path / "fit" / "model.npz", tmp_path / "new.npy", "--range", "1:5", "--out", tmp_path / "out")
    assert done.returncode in (RECOVERED, DOUBTFUL), done.stderr
    filled = np.load(tmp_path / "out" / "filled.npy")
    known = ~np.isnan(matrix[60:])
    assert np.array_equal(filled[known], matrix[60:][known]) and (filled >= 1).all() and (filled <= 5).all()
    assert [line["id"] for line in read_rows(tmp_path / "out" / "rows.csv")] == [str(i) for i in range(60, 80)]


@pytest.mark.parametrize("features", [False, True], ids=["pursuit", "inductive"])
def test_low_rank_entries(tmp_path, features):
    make("complete", tmp_path, "--rows", 90, "--cols", 50, "--rank", 3, "--observed", 0.6, "--seed", 4)
    truth = np.load(tmp_path / "X.npy")
    lines = [(int(line["row"]), int(line["col"]), line["value"]) for line in read_rows(tmp_path / "ratings.csv")]
    (tmp_path / "old.csv").write_text("".join(f"r{i},c{j},{value}\n" for i, j, value in lines if i < 60))
    (tmp_path / "new.csv").write_text("".join(f"r{i},c{j},{value}\n" for i, j, value in lines if i >= 60))
    spans = ()
    if features:
        left = np.linalg.svd(truth)[0][:60, :4]
        lines = (f"r{i}," + ",".join(map(repr, row.tolist())) + "\n" for i, row in enumerate(left))
        (tmp_path / "f.csv").write_text("".join(lines))
        spans = ("--method", "inductive", "--row-features", tmp_path / "f.csv")
    fit = gossan("complete", tmp_path / "old.csv", *spans, "--out", tmp_path / "fit")
    assert fit.returncode == RECOVERED, fit.stdout + fit.stderr
    done = gossan("apply", tmp_path / "fit" / "model.npz", tmp_path / "new.csv", "--update", "--out", tmp_path / "out")
    assert done.returncode == RECOVERED, done.stdout + done.stderr
    columns = [int(line["id"][1:]) for line in read_rows(tmp_path / "fit" / "cols.csv")]
    rows = [int(line["row"][1:]) for line in read_rows(tmp_path / "out" / "rows.csv")]
    assert np.allclose(np.load(tmp_path / "out" / "filled.npy"), truth[np.ix_(rows, columns)], rtol=0, atol=1e-6)
    again = gossan("apply", tmp_path / "out" / "model.npz", tmp_path / "new.csv", "--out", tmp_path / "again")
    assert again.returncode == RECOVERED and "from 90 rows" in again.stdout
    refused = gossan("apply", tmp_path / "fit" / "model.npz", tmp_path / "new.csv", "--predict", tmp_path / "new.csv")
    assert refused.returncode == WRONG_USAGE and "filled.npy" in refused.stderr


def test_no_model_of_a_fit_that_left_the_finite_numbers(tmp_path):
    (tmp_path / "fit").mkdir()
    (tmp_path / "fit" / "model.npz").write_text("of an earlier run")
    large = (f"{i},{j},{1e200 * (i + 1) * (j + 1.5)}\n" for i in range(30) for j in range(20) if (i + j) % 3)
    (tmp_path / "large.csv").write_text("".join(large))
    done = gossan("complete", tmp_path / "large.csv", "--method", "pursuit", "--out", tmp_path / "fit")
    assert done.returncode == DOUBTFUL and "no model.npz was written" in done.stdout
    assert not (tmp_path / "fit" / "model.npz").exists()


def test_no_model_that_could_not_be_read(tmp_path):
    """Values near the smallest numbers: the variances of a prior are beyond what a model keeps."""
    random = np.random.default_rng(1)
    lines = (f"{i},{j},{1e-151 * random.normal()}\n" for i in range(30) for j in range(20) if (i + j) % 3)
    (tmp_path / "tiny.csv").write_text("".join(lines))
    done = gossan("complete", tmp_path / "tiny.csv", "--method", "student-t", "--out", tmp_path / "fit")
    assert done.returncode in (RECOVERED, DOUBTFUL) and "no model.npz was written" in done.stdout
    assert not (tmp_path / "fit" / "model.npz").exists()


@pytest.mark.parametrize("damage", ["cut", "newer", "columns"])
def test_bad_ratings_models_and_files(rated, tmp_path, damage):
    model, new = tmp_path / "model.npz", rated / "new.csv"
    content = (rated / "fit" / "model.npz").read_bytes()
    model.write_bytes(content[:-500] if damage == "cut" else content)
    if damage == "newer":
        np.savez(model, **{**np.load(rated / "fit" / "model.npz"), "gossan_ratings_model": [2.0]})
    if damage == "columns":
        new = tmp_path / "new.csv"
        new.write_text("nina,unheard of,3\n")
    done = gossan("apply", model, new, "--out", tmp_path / "out")
    assert done.returncode == BAD_INPUT and str(new if damage == "columns" else model) in done.stderr
    assert done.stderr.count("\n") == 1 and not (tmp_path / "out").exists()
    if damage == "newer":
        assert "format 2, expected 1" in done.stderr


def test_movielens_rows_that_the_model_has_not_seen(tmp_path):
    """A tenth of the users of MovieLens-100K, which may not be passed on: docs/complete.md says where it is to be had."""
    folder = Path(os.environ.get("GOSSAN_MOVIELENS", SOURCE.parent / "shared/data/ml-100k"))
    if not (folder / "u.data").exists():
        warnings.warn("MovieLens-100K is not there: set GOSSAN_MOVIELENS to its folder", stacklevel=1)
        pytest.skip("MovieLens-100K is not there: set GOSSAN_MOVIELENS to its folder")
    data = np.loadtxt(folder / "u.data", dtype=int)[:, :3]
    rng = np.random.default_rng(1)
    late = np.isin(data[:, 0], rng.choice(np.unique(data[:, 0]), 100, replace=False))
    given = late & (rng.random(len(data)) < 0.8)
    for name, chosen in (("old", ~late), ("given", given), ("rest", late & ~given), ("all", ~late | given)):
        np.savetxt(tmp_path / f"{name}.csv", data[chosen], fmt="%d", delimiter=",")
    told = ("--test", tmp_path / "rest.csv", "--range", "1:5")
    assert gossan("complete", tmp_path / "old.csv", "--out", tmp_path / "fit").returncode == RECOVERED
    assert gossan("complete", tmp_path / "all.csv", *told, "--out", tmp_path / "refit").returncode == RECOVERED
    done = gossan("apply", tmp_path / "fit" / "model.npz", tmp_path / "given.csv", *told, "--out", tmp_path / "out")
    assert done.returncode == RECOVERED, done.stdout + done.stderr
    applied, refit = read_summary(tmp_path / "out")["test"], read_summary(tmp_path / "refit")["test"]
    assert applied["rmse"] < refit["rmse"] + 0.015 and abs(applied["coverage"] - 0.9) < 0.025
