"""How measurement matrices are held: as narrow as is exact, streamed from disk, or drawn anew from a name and a seed."""

import json
import re

import numpy as np
import pytest
from conftest import BAD_INPUT, RECOVERED, SOURCE, WRONG_USAGE, gossan, make, read_summary

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


@pytest.mark.parametrize("dtype", ["i1", "f4", "f8"])
@pytest.mark.parametrize("model", ["symmetric-factor", "factor-pair"])
def test_the_order_of_a_file_changes_no_bit(tmp_path, dtype, model):
    A, y, X = planted(dtype)
    flat = A.reshape(COUNT, -1)
    strided = np.repeat(np.repeat(flat, 2, axis=0), 3, axis=1)[::2, ::3]  # np.save writes it in C order
    last_first = A.transpose(2, 0, 1).copy().transpose(1, 2, 0)  # and this
    more = ("--model", model, "--rows", SIDE, "--cols", SIDE, "--threads", 2)
    bits = []
    for array in (A, np.asfortranarray(A), np.asfortranarray(flat), strided, last_first):
        run(tmp_path, array, y, X, *more)
        factors = sorted((tmp_path / "out").glob("[ULR].npy"))
        assert len(factors) == (1 if model == "symmetric-factor" else 2)
        bits.append([path.read_bytes() for path in factors])
        assert np.load(tmp_path / "A.npy", mmap_mode="r").flags.c_contiguous != array.flags.f_contiguous
    assert all(each == bits[0] for each in bits)


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

    @pytest.mark.parametrize("ensemble", ["rademacher", "gaussian-table", "gaussian"])
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


# docs/ensembles.md, by an independent hand.
LEVELS = np.array(
    """0 1 2 2 3 3 4 5 5 6 7 7 8 9 9 10 11 11 12 13 13 14 15 15 16 17 17 18 19 20 20 21
    22 23 24 24 26 26 27 28 29 30 31 32 33 34 35 36 37 39 40 41 43 45 46 48 50 52 55 58 62 66 73 88""".split(), dtype=float)


def philox(counter, seed):
    key = [seed & 0xFFFFFFFF, seed >> 32]
    for _ in range(10):
        a, b = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [b >> 32 ^ counter[1] ^ key[0], b & 0xFFFFFFFF, a >> 32 ^ counter[3] ^ key[1], a & 0xFFFFFFFF]
        key = [key[0] + 0x9E3779B9 & 0xFFFFFFFF, key[1] + 0xBB67AE85 & 0xFFFFFFFF]
    return counter


def single(*texts):
    return [np.float32(float.fromhex(text)) for text in texts]


LOG = single("-0x1.fffff4p-2", "0x1.5556e8p-2", "-0x1.0006c6p-2", "0x1.98da1ep-3", "-0x1.52fb0ap-3", "0x1.30d15cp-3", "-0x1.27766ap-3",
             "0x1.6fcd3ep-4")  # fmt: skip
SIN = single("0x1.921fb6p+0", "-0x1.4abbc0p-1", "0x1.46605ap-4", "-0x1.2dd648p-8")
COS = single("-0x1.3bd3a2p+0", "0x1.03b162p-2", "-0x1.4ea9e8p-6")
LN2, ONE = single("0x1.62e430p-1", "0x1p0")


def horner(coefficients, x):
    total = coefficients[-1]
    for each in coefficients[-2::-1]:
        total = total * x + each
    return total


def normal_pair(a, b):
    """Two words to two numbers, everything in single precision."""
    u = np.float32(np.uint32(a)) * np.float32(2.0**-32) + np.float32(2.0**-33)
    above = int(u.view(np.uint32)) - 0x3F3504F3
    x = np.uint32((above & 0x7FFFFF) + 0x3F3504F3).view(np.float32) - ONE
    log = np.float32(above >> 23) * LN2 + (x + x * x * horner(LOG, x))
    r = np.sqrt(np.float32(-2) * log)
    g = np.float32(np.uint32(b << 2 & 0xFFFFFFFF).view(np.int32)) * np.float32(2.0**-32)
    t = g * g
    s, c = r * (g * horner(SIN, t)), r * (ONE + t * horner(COS, t))
    numbers = [(c, s), (-s, c), (-c, -s), (s, -c)][b >> 30]
    assert all(each.dtype == np.float32 for each in numbers)
    return numbers


def drawn_number(ensemble, seed, i, e):
    if ensemble == "gaussian":
        words = philox([e // 4, 0x80000001, i & 0xFFFFFFFF, i >> 32], seed)
        return float(normal_pair(*words[e // 2 * 2 % 4 :][:2])[e % 2])
    if ensemble == "rademacher":
        word = philox([e // 128, 0x80000003, i & 0xFFFFFFFF, i >> 32], seed)[e // 32 % 4]
        return 1.0 if word >> e % 32 & 1 else -1.0
    byte = philox([e // 16, 0x80000002, i & 0xFFFFFFFF, i >> 32], seed)[e // 4 % 4] >> 8 * (e % 4) & 255
    return (-1 if byte & 64 else 1) * LEVELS[byte & 63] / 32


@pytest.mark.parametrize("ensemble", ["rademacher", "gaussian-table", "gaussian"])
@pytest.mark.parametrize("symmetric", [True, False])
def test_ensembles_are_what_their_page_defines(tmp_path, ensemble, symmetric):
    seed, rows, cols = 5 + (3 << 33), 7, 7 if symmetric else 5
    shape = ("--rows", rows) if symmetric else ("--rows", rows, "--cols", cols)
    data = make("sense", tmp_path, *shape, "--rank", 2, "--measurements", 40, "--corrupted", 0, "--seed", seed, "--ensemble", ensemble)
    X, y = np.load(data / "X.npy"), np.load(data / "y.npy")
    for i in range(40):
        A = np.empty((rows, cols))
        for p in range(rows):
            for q in range(p if symmetric else 0, cols):
                A[p, q] = drawn_number(ensemble, seed, i, p * cols - p * (p + 1) // 2 + q if symmetric else p * cols + q)
                if symmetric:
                    A[q, p] = A[p, q]
        assert abs((A * X).sum() - y[i]) < 1e-12 * np.abs(A).max() * np.abs(X).sum()


def test_normal_pairs_are_those_on_their_page():
    page = (SOURCE / "docs/ensembles.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([0-9a-f]{8}), ([0-9a-f]{8}) \| ([0-9a-f]{8}), ([0-9a-f]{8}) \|$", page, re.MULTILINE)
    assert len(rows) >= 6
    for a, b, *wanted in rows:
        assert [f"{each.view(np.uint32):08x}" for each in normal_pair(int(a, 16), int(b, 16))] == wanted
