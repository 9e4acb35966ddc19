"""What a run writes and prints, judged against the planted truth by independent code."""

import csv
import json
import re

import numpy as np
import pytest
from conftest import DOUBTFUL, RECOVERED, gossan, make, read_summary

LOCATE_FILES = ["U.npy", "flagged.csv", "history.csv", "outliers.npy", "points.csv", "report.html", "summary.json"]


def read_rows(file):
    with open(file, newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def distances_between(points, pairs):
    return np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1)


@pytest.fixture(scope="module")
def located(points, tmp_path_factory):
    out = tmp_path_factory.mktemp("located")
    done = gossan("locate", points / "distances.csv", "--truth", points / "truth.csv", "--out", out)
    assert done.returncode == RECOVERED, done.stdout + done.stderr
    return out, done


@pytest.fixture(scope="module")
def mapped(globe, tmp_path_factory):
    out = tmp_path_factory.mktemp("mapped")
    arguments = ("--metric", "great-circle", "--truth", globe / "places.csv", "--out", out)
    done = gossan("locate", globe / "distances.csv", *arguments)
    assert done.returncode == RECOVERED, done.stdout + done.stderr
    return out, done


class TestLocate:
    def test_files(self, located):
        assert sorted(path.name for path in located[0].iterdir()) == LOCATE_FILES

    def test_points_have_the_true_distances(self, located, points):
        U = np.load(located[0] / "U.npy")
        truth = np.array([[float(row["x1"]), float(row["x2"])] for row in read_rows(points / "truth.csv")])
        assert U.shape == truth.shape
        pairs = np.array([(i, j) for i in range(len(U)) for j in range(i)])
        assert np.allclose(distances_between(U, pairs), distances_between(truth, pairs), atol=1e-6)
        rows = read_rows(located[0] / "points.csv")
        assert [int(row["id"]) for row in rows] == list(range(60))
        assert np.array_equal([[float(row["x1"]), float(row["x2"])] for row in rows], U)
        assert {row["placement"] for row in rows} == {"placed"} and {row["component"] for row in rows} == {"0"}

    def test_flags_are_the_planted_lies(self, located, points):
        outliers, lies = np.load(located[0] / "outliers.npy"), np.load(points / "lies.npy")
        assert outliers.dtype == bool and outliers.shape == lies.shape
        assert np.array_equal(outliers, lies)
        assert len(read_rows(located[0] / "flagged.csv")) == lies.sum()

    def test_summary(self, located, points):
        summary = read_summary(located[0])
        assert summary["verb"] == "locate" and summary["verdict"] == "trusted" and summary["status"] == "converged"
        assert summary["rank"] == 2 and summary["undetermined"] == [] and summary["components"] == [60]
        truth = summary["truth"]
        assert truth["median_error"] < 1e-6 and truth["lies_flagged"] == 1 and truth["honest_flagged"] == 0
        assert truth["lies"] == np.load(points / "lies.npy").sum()
        assert summary["inputs"][0]["pairs"] == truth["lies"] + truth["honest"]
        assert summary["iterations"] == len(read_rows(located[0] / "history.csv")) > 0

    def test_plain_summary_is_short_and_says_where_the_report_is(self, located):
        out, done = located
        lines = done.stdout.splitlines()
        assert lines[0] == "locate: trusted" and 8 <= len(lines) <= 14
        assert str(out / "report.html") in done.stdout
        assert done.stderr == ""  # no bar where there is no terminal

    def test_report_is_one_file_that_names_no_other(self, located):
        page = (located[0] / "report.html").read_text(encoding="utf-8")
        assert "trusted" in page
        assert not re.search(r"""(src|href)\s*=\s*["']https?:""", page)

    @pytest.mark.parametrize("threads", [2, 3])
    def test_any_number_of_threads_gives_the_same_bytes(self, located, points, tmp_path, threads):
        one = tmp_path / "one"
        gossan("locate", points / "distances.csv", "--threads", 1, "--out", one)
        more = tmp_path / "more"
        gossan("locate", points / "distances.csv", "--threads", threads, "--out", more)
        for name in ("U.npy", "outliers.npy", "points.csv", "flagged.csv"):
            assert (one / name).read_bytes() == (more / name).read_bytes(), name


class TestGlobe:
    def test_errors_in_km(self, mapped):
        truth = read_summary(mapped[0])["truth"]
        assert truth["median_error_km"] < 1 and truth["max_error_km"] < 5
        assert truth["lies_flagged"] > 0.99 and truth["honest_flagged"] < 0.01
        assert 1 < truth["lie_tolerance_km"] < 4  # six times .29 km, the spread of rounding to 1 km

    def test_latitudes_and_longitudes_lie_over_the_truth(self, mapped, globe):
        found, true = read_rows(mapped[0] / "points.csv"), read_rows(globe / "places.csv")
        assert [row["name"] for row in found] == [row["name"] for row in true]
        for row, place in zip(found, true):
            assert abs(float(row["latitude"]) - float(place["latitude"])) < 0.1
            turn = abs(float(row["longitude"]) - float(place["longitude"])) % 360
            assert min(turn, 360 - turn) * np.cos(np.radians(float(place["latitude"]))) < 0.1

    def test_without_truth_the_map_has_an_arbitrary_orientation_but_the_true_arcs(self, globe, tmp_path):
        gossan("locate", globe / "distances.csv", "--metric", "great-circle", "--out", tmp_path)
        assert "truth" not in read_summary(tmp_path)
        turned, true = ([[float(row["latitude"]), float(row["longitude"])] for row in read_rows(file)]
                        for file in (tmp_path / "points.csv", globe / "places.csv"))

        def directions(degrees):
            lat, lon = np.radians(np.array(degrees)).T
            return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)

        u, v = directions(turned), directions(true)
        assert np.abs(u @ u.T - v @ v.T).max() < 1e-3


class TestIds:
    def test_text_ids_in_any_columns_and_truth_by_name(self, points, tmp_path):
        pairs, truth = read_rows(points / "distances.csv"), read_rows(points / "truth.csv")
        # Names whose order is not that of the numbers, and one that needs quotes.
        names = [f"p{(7 * k) % 60}" if k else 'the "zero", first' for k in range(60)]
        with open(tmp_path / "d.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["distance", "note", "j", "i"])
            writer.writerows([row["distance"], "x", names[int(row["j"])], names[int(row["i"])]] for row in pairs)
        with open(tmp_path / "t.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["name", "x1", "x2"])
            writer.writerows([names[k], truth[k]["x1"], truth[k]["x2"]] for k in reversed(range(60)))
        out = tmp_path / "out"
        done = gossan("locate", tmp_path / "d.csv", "--truth", tmp_path / "t.csv", "--out", out)
        assert done.returncode == RECOVERED, done.stderr
        assert read_summary(out)["truth"]["max_error"] < 1e-6
        assert [row["id"] for row in read_rows(out / "points.csv")] == sorted(names)

    def test_columns_of_other_names_are_taken_in_order_and_said_so(self, points, tmp_path):
        text = (points / "distances.csv").read_text().replace("i,j,distance", "from,to,km")
        (tmp_path / "d.csv").write_text(text)
        gossan("locate", tmp_path / "d.csv", "--out", tmp_path / "out")
        assert read_summary(tmp_path / "out")["choices"]["columns"] == "from, to, km taken as i, j, distance"

    def test_integer_ids_need_not_be_dense(self, points, tmp_path):
        rows = read_rows(points / "distances.csv")
        lines = [f"{1000 - 10 * int(row['i'])},{1000 - 10 * int(row['j'])},{row['distance']}" for row in rows]
        (tmp_path / "d.csv").write_text("\n".join(lines) + "\n")
        done = gossan("locate", tmp_path / "d.csv", "--out", tmp_path / "out")
        assert done.returncode == RECOVERED, done.stderr
        ids = [int(row["id"]) for row in read_rows(tmp_path / "out/points.csv")]
        assert ids == [1000 - 10 * k for k in reversed(range(60))]


def test_undetermined_points_are_named_and_not_placed(points, tmp_path):
    # Point 60 hangs on one distance: it may be anywhere on a circle.
    text = (points / "distances.csv").read_text() + "60,5,1.0\n"
    truth = [f"{k},city {k},{row['x1']},{row['x2']}" for k, row in enumerate(read_rows(points / "truth.csv"))] + ["60,Far Away,0,0"]
    (tmp_path / "d.csv").write_text(text)
    (tmp_path / "t.csv").write_text("\n".join(["id,name,x1,x2", *truth]) + "\n")
    out = tmp_path / "out"
    done = gossan("locate", tmp_path / "d.csv", "--truth", tmp_path / "t.csv", "--out", out)
    summary = read_summary(out)
    assert done.returncode == (RECOVERED if summary["verdict"] == "trusted" else DOUBTFUL)
    assert summary["undetermined"] == [{"id": "60", "name": "Far Away"}]
    last = read_rows(out / "points.csv")[-1]
    assert last["placement"] == "undetermined" and last["x1"] == "" and last["component"] == "-1" and last["error"] == ""
    assert np.isnan(np.load(out / "U.npy")[60]).all()
    assert "Far Away" in (out / "report.html").read_text(encoding="utf-8")
    assert summary["truth"]["compared_points"] == 60


def test_a_few_wrong_rows_in_the_truth_do_not_bend_the_frame(points, tmp_path):
    rows = read_rows(points / "truth.csv")
    wrong = range(0, 60, 12)
    lines = [f"{row['id']},{float(row['x1']) + (7 if k in wrong else 0)},{row['x2']}" for k, row in enumerate(rows)]
    (tmp_path / "t.csv").write_text("\n".join(["id,x1,x2", *lines]) + "\n")
    gossan("locate", points / "distances.csv", "--truth", tmp_path / "t.csv", "--out", tmp_path / "out")
    errors = np.array([float(row["error"]) for row in read_rows(tmp_path / "out/points.csv")])
    expected = np.array([7.0 if k in wrong else 0.0 for k in range(60)])
    assert np.allclose(errors, expected, atol=1e-6)


def test_noise_is_never_trusted(tmp_path):
    random = np.random.default_rng(1)
    lines = [f"{i},{j},{random.uniform(0, 1):.6f}" for i in range(30) for j in range(i)]
    (tmp_path / "d.csv").write_text("\n".join(lines) + "\n")
    done = gossan("locate", tmp_path / "d.csv", "--out", tmp_path / "out", "--quiet")
    summary = read_summary(tmp_path / "out")
    assert done.returncode == DOUBTFUL and summary["verdict"] != "trusted"
    assert done.stdout == "" and summary["message"] in done.stderr  # even when quiet it says why


class TestOutput:
    def test_json_is_the_summary_alone(self, points, tmp_path):
        done = gossan("locate", points / "distances.csv", "--json", "--out", tmp_path)
        assert json.loads(done.stdout) == read_summary(tmp_path)

    def test_quiet_says_nothing(self, points, tmp_path):
        done = gossan("locate", points / "distances.csv", "--quiet", "--out", tmp_path)
        assert done.returncode == RECOVERED and done.stdout == "" and done.stderr == ""

    def test_default_folder(self, points, tmp_path):
        done = gossan("locate", points / "distances.csv", cwd=tmp_path)
        assert done.returncode == RECOVERED
        assert read_summary(tmp_path / "gossan-out/locate")["options"]["out"] == "gossan-out/locate"

    def test_every_option_is_recorded_under_its_name(self, points, tmp_path):
        listed = gossan("locate", "--help").stdout
        gossan("locate", points / "distances.csv", "--out", tmp_path)
        recorded = read_summary(tmp_path)["options"]
        names = set(re.findall(r"--([a-z][a-z-]+)", listed.split("Examples:")[0])) - {"help", "set", "config"}
        assert {name.replace("-", "_") for name in names} == set(recorded)


class TestSense:
    OPTIONS = ("--rank", 3, "--max-iterations", 3000)

    @pytest.fixture(scope="class")
    def sensed(self, sensing, tmp_path_factory):
        out = tmp_path_factory.mktemp("sensed")
        done = gossan("sense", sensing / "A.npy", sensing / "y.npy", "--truth", sensing / "X.npy", *self.OPTIONS, "--out", out)
        return out, done

    def test_recovers_the_planted_matrix(self, sensed, sensing):
        out, done = sensed
        summary = read_summary(out)
        assert done.returncode == RECOVERED and summary["verdict"] == "trusted", done.stdout
        U, X = np.load(out / "U.npy"), np.load(sensing / "X.npy")
        error = np.linalg.norm(U @ U.T - X) / np.linalg.norm(X)
        assert error < 1e-4 and summary["rank"] == 2
        assert abs(summary["truth"]["relative_error"] - error) < 1e-9
        assert np.array_equal(np.load(out / "outliers.npy"), np.load(sensing / "corrupted.npy"))
        assert summary["truth"]["corrupted_flagged"] == 1 and summary["truth"]["honest_flagged"] == 0

    def test_factor_pairs_write_both_factors(self, tmp_path):
        data = make("sense", tmp_path / "data", "--rows", 8, "--cols", 6, "--rank", 1, "--measurements", 400)
        out = tmp_path / "out"
        files = (data / "A.npy", data / "y.npy")
        gossan("sense", *files, "--model", "factor-pair", "--rank", 2, "--max-iterations", 500, "--out", out)
        assert np.load(out / "L.npy").shape == (8, 1) and np.load(out / "R.npy").shape == (6, 1)
        assert not (out / "U.npy").exists()
        read_summary(out)

    def test_flattened_matrices_in_single_precision(self, sensed, sensing, tmp_path):
        np.save(tmp_path / "A.npy", np.load(sensing / "A.npy").reshape(600, 144).astype(np.float32))
        files = (tmp_path / "A.npy", sensing / "y.npy")
        out = tmp_path / "out"
        gossan("sense", *files, "--rows", 12, "--cols", 12, *self.OPTIONS, "--truth", sensing / "X.npy", "--out", out)
        assert read_summary(out)["truth"]["relative_error"] < 1e-3

    def test_any_number_of_threads_gives_the_same_bytes(self, sensing, tmp_path):
        for threads in (1, 2):
            files = (sensing / "A.npy", sensing / "y.npy")
            gossan("sense", *files, "--max-iterations", 100, "--threads", threads, "--out", tmp_path / str(threads))
        assert (tmp_path / "1/U.npy").read_bytes() == (tmp_path / "2/U.npy").read_bytes()
