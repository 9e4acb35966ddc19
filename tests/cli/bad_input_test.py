"""Bad input ends with exit 3 (or 2), one message that names file, place, value and expectation, and no result file."""

import os
import struct

import numpy as np
import pytest
from conftest import BAD_INPUT, WRONG_USAGE, gossan


def refused(done, code, *expected):
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    for part in expected:
        assert str(part) in done.stderr, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) <= 3, done.stderr  # one message, no trace
    assert "terminate called" not in done.stderr and "Sanitizer" not in done.stderr


GOOD = ["0,1,1.5", "0,2,2.5", "1,2,1.25"]
BAD_DISTANCES = {
    "negative": (["i,j,distance", *GOOD, "0,3,-2"], ["line 5", "-2", ">= 0"]),
    "nan": (["i,j,distance", *GOOD, "0,3,nan"], ["line 5", "nan"]),
    "infinite": (["i,j,distance", *GOOD, "0,3,inf"], ["line 5", "inf"]),
    "overflow": (["i,j,distance", *GOOD, "0,3,1e999"], ["line 5", "1e999"]),
    "text": (["i,j,distance", *GOOD, "0,3,far"], ["line 5", "far"]),
    "empty distance": (["i,j,distance", *GOOD, "0,3,"], ["line 5", "distance"]),
    "self pair": ([*GOOD, "2,2,0"], ["line 4", "'2'", "itself"]),
    "self pair in two spellings": ([*GOOD, "2,02,0"], ["line 4", "itself"]),
    "repeated": (["i,j,distance", *GOOD, "0,1,9"], ["line 5", "line 2"]),
    "repeated backwards": (["i,j,distance", *GOOD, "1,0,1.5"], ["line 5", "line 2"]),
    "empty id": ([*GOOD, ",1,2"], ["line 4", "id"]),
    "blank id": ([*GOOD, "  ,1,2"], ["line 4", "id"]),
    "two columns": (["0,1", "0,2"], ["column", "i, j, distance"]),
    "ragged": ([*GOOD, "0,3"], ["line 4"]),
    "header only": (["i,j,distance"], ["no rows"]),
    "blank lines": (["", "", ""], []),
    "too few": (GOOD, ["points"]),
    "all zero": ([f"{i},{j},0" for i in range(8) for j in range(i)], ["0"]),
}


@pytest.mark.parametrize("name", BAD_DISTANCES)
def test_distances(name, tmp_path):
    lines, expected = BAD_DISTANCES[name]
    file = tmp_path / "distances.csv"
    file.write_text("\n".join(lines) + "\n")
    out = tmp_path / "out"
    refused(gossan("locate", file, "--out", out), BAD_INPUT, file, *expected)
    assert not out.exists()


def garbage(file, kind):
    """Writes what is no distances file at all."""
    if kind == "missing":
        return
    if kind == "folder":
        file.mkdir()
    elif kind == "empty":
        file.write_bytes(b"")
    elif kind == "nul bytes":
        file.write_bytes(b"i,j,distance\n0,1,\x00\n")
    elif kind == "binary":
        file.write_bytes(bytes(range(256)) * 40)
    elif kind == "open quote":
        file.write_bytes(b'i,j,distance\n0,"1,2\n')
    elif kind == "fifo":
        os.mkfifo(file)


@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "nul bytes", "binary", "open quote", "fifo"])
def test_files_that_are_no_distances(kind, tmp_path):
    file = tmp_path / "distances.csv"
    garbage(file, kind)
    refused(gossan("locate", file, "--out", tmp_path / "out", timeout=60), BAD_INPUT, file)
    assert not (tmp_path / "out").exists()


BAD_TRUTH = {
    "missing": (None, []),
    "too few rows": ("x1,x2\n0,0\n1,1\n", ["2 points"]),
    "text": ("x1,x2\n" + "0,0\n" * 59 + "0,here\n", ["line 61", "here"]),
    "nan": ("x1,x2\n" + "0,0\n" * 59 + "0,nan\n", ["line 61", "nan"]),
    "no number": ("name,colour\n" + "a,red\n" * 60, ["column"]),
    "repeated id": ("id,x1\n" + "0,0\n" * 60, ["line 3", "'0'"]),
    "unknown id": ("id,x1\n" + "".join(f"{k},0\n" for k in range(59)), ["59"]),
}


@pytest.mark.parametrize("name", BAD_TRUTH)
def test_truth(name, points, tmp_path):
    text, expected = BAD_TRUTH[name]
    truth = tmp_path / "truth.csv"
    if text is not None:
        truth.write_text(text)
    done = gossan("locate", points / "distances.csv", "--truth", truth, "--out", tmp_path / "out")
    refused(done, BAD_INPUT, truth, *expected)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "text, expected",
    [
        ("name,lat,lon\nA,1,2\n", ["latitude"]),
        ("name,latitude,longitude\nA,91,2\nB,1,1\n", ["line 2", "91"]),
        ("name,latitude,longitude\nA,1,2\nB,1,east\n", ["line 3", "east"]),
        ("name,latitude,longitude\n", ["points"]),
    ],
)
def test_points_to_generate_from(text, expected, tmp_path):
    file = tmp_path / "cities.csv"
    file.write_text(text)
    done = gossan("generate", "locate", "--points", file, "--metric", "great-circle", "--out", tmp_path / "out")
    refused(done, BAD_INPUT, file, *expected)
    assert not (tmp_path / "out").exists()


def npy(header, body=b"", version=(1, 0)):
    text = header.encode("latin1")
    return b"\x93NUMPY" + bytes(version) + struct.pack("<H", len(text)) + text + body


def header(descr="'<f8'", order="False", shape="(4, 2, 2)"):
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}".ljust(117) + "\n"


BAD_ARRAYS = {
    "empty file": (b"", []),
    "no npy": (b"PK\x03\x04 something else", []),
    "magic only": (b"\x93NUMPY\x01\x00", []),
    "header cut off": (npy(header())[:40], []),
    "hostile header length": (b"\x93NUMPY\x02\x00" + struct.pack("<I", 0xFFFFFFF0) + b"{", []),
    "header no dictionary": (npy("import os".ljust(117) + "\n"), []),
    "body cut off": (npy(header(), bytes(8 * 15)), []),
    "body too long": (npy(header(), bytes(8 * 17)), []),
    "negative shape": (npy(header(shape="(-4, 2, 2)"), bytes(8 * 16)), []),
    "huge shape": (npy(header(shape="(4611686018427387904, 2, 2)"), bytes(8 * 16)), []),
    "overflowing shape": (npy(header(shape="(4294967296, 4294967296, 2)"), bytes(8 * 16)), []),
    "complex": (npy(header(descr="'<c16'"), bytes(16 * 16)), ["c16"]),
    "text": (npy(header(descr="'<U4'"), bytes(16 * 16)), ["U4"]),
    "objects": (npy(header(descr="'|O'"), bytes(8 * 16)), ["O"]),
    "structured": (npy(header(descr="[('a', '<f8')]"), bytes(8 * 16)), []),
}


@pytest.mark.parametrize("name", BAD_ARRAYS)
def test_npy_files(name, tmp_path):
    content, expected = BAD_ARRAYS[name]
    a, y = tmp_path / "A.npy", tmp_path / "y.npy"
    a.write_bytes(content)
    np.save(y, np.ones(4))
    refused(gossan("sense", a, y, "--out", tmp_path / "out", timeout=60), BAD_INPUT, a, *expected)
    assert not (tmp_path / "out").exists()


def with_value(array, index, value):
    array = np.array(array, dtype=float)
    array[index] = value
    return array


A, Y = np.arange(16.0).reshape(4, 2, 2), np.ones(4)
BAD_MEASUREMENTS = {
    "NaN in y": (A, with_value(Y, 2, np.nan), "y.npy", ["value 2", "nan"]),
    "infinity in y": (A, with_value(Y, 0, np.inf), "y.npy", ["value 0", "inf"]),
    "NaN in A": (with_value(A, (1, 0, 0), np.nan), Y, "A.npy", ["entry 0 of matrix 1", "nan"]),
    "lengths": (A, np.ones(5), "y.npy", ["(5)", "4"]),
    "no measurements": (np.zeros((0, 2, 2)), np.zeros(0), ".npy", ["no measurements"]),
    "matrix y": (A, np.ones((2, 2)), "y.npy", ["vector"]),
    "scalar y": (A, np.array(1.0), "y.npy", []),
    "complex y": (A, Y + 1j, "y.npy", ["c16"]),
    "text y": (A, np.array(["a"] * 4), "y.npy", []),
    "four axes": (A.reshape(4, 2, 2, 1), Y, "A.npy", ["(4, 2, 2, 1)", "n x rows x cols", "--operator"]),
    "one axis": (Y, Y, "A.npy", ["(4)", "--operator"]),
    "oblong for a symmetric unknown": (np.arange(24.0).reshape(4, 2, 3), Y, "", ["2 x 3", "factor-pair"]),
}


@pytest.mark.parametrize("name", BAD_MEASUREMENTS)
def test_measurements(name, tmp_path):
    a, y, blamed, expected = BAD_MEASUREMENTS[name]
    np.save(tmp_path / "A.npy", a)
    np.save(tmp_path / "y.npy", y)
    oblong = name.startswith("oblong")
    more = ("--model", "symmetric-factor") if oblong else ()
    done = gossan("sense", tmp_path / "A.npy", tmp_path / "y.npy", "--out", tmp_path / "out", *more)
    code = WRONG_USAGE if oblong else BAD_INPUT
    refused(done, code, blamed, *expected)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "pairs, expected",
    [
        ([[0, 1], [1, 1]], ["1"]),
        ([[0, 1], [1, -2]], ["-2"]),
        ([[0, 1], [1, 0.5]], ["0.5"]),
        ([[0, 1], [1, 1e18]], ["1"]),
    ],
)
def test_indices(pairs, expected, tmp_path):
    np.save(tmp_path / "A.npy", np.array(pairs, dtype=float))
    np.save(tmp_path / "y.npy", np.ones(2))
    files = (tmp_path / "A.npy", tmp_path / "y.npy")
    done = gossan("sense", *files, "--operator", "differences", "--out", tmp_path / "out", timeout=60)
    refused(done, BAD_INPUT, tmp_path / "A.npy", *expected)


@pytest.mark.parametrize("value, expected", [(np.nan, "entry (3, 4)"), (0.0, "all zero")])
def test_true_matrix_that_no_error_can_be_measured_against(sensing, tmp_path, value, expected):
    X = np.zeros((12, 12))
    X[3, 4] = value
    np.save(tmp_path / "X.npy", X)
    done = gossan("sense", sensing / "A.npy", sensing / "y.npy", "--truth", tmp_path / "X.npy", "--out", tmp_path / "out")
    refused(done, BAD_INPUT, tmp_path / "X.npy", expected)


def test_true_matrix_of_another_shape(sensing, tmp_path):
    np.save(tmp_path / "X.npy", np.ones((3, 4)))
    done = gossan("sense", sensing / "A.npy", sensing / "y.npy", "--truth", tmp_path / "X.npy", "--out", tmp_path / "out")
    refused(done, BAD_INPUT, tmp_path / "X.npy", "12 x 12")


@pytest.mark.parametrize("verb", ["locate", "sense", "generate"])
@pytest.mark.parametrize("place", ["under a file", "a file", "proc"])
def test_out_that_cannot_be_written(verb, place, points, sensing, tmp_path):
    file = tmp_path / "file"
    file.write_text("untouched")
    out = {"under a file": file / "out", "a file": file, "proc": "/proc/gossan-out"}[place]
    commands = {
        "locate": ["locate", points / "distances.csv"],
        "sense": ["sense", sensing / "A.npy", sensing / "y.npy"],
        "generate": ["generate", "locate", "--count", "10"],
    }
    refused(gossan(*commands[verb], "--out", out), WRONG_USAGE, "--out", out)
    assert file.read_text() == "untouched"


def test_earlier_results_stay_when_the_input_is_bad(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "summary.json").write_text("{}")
    (tmp_path / "d.csv").write_text("0,1,-1\n")
    assert gossan("locate", tmp_path / "d.csv", "--out", out).returncode == BAD_INPUT
    assert [path.name for path in out.iterdir()] == ["summary.json"]
