"""What Gossan writes, NumPy reads."""

import os
import subprocess

import numpy as np
import pytest


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples")
    subprocess.run([os.environ["IO_SAMPLES"], folder], check=True)
    return folder


def test_npy(folder):
    matrix = np.load(folder / "matrix.npy")
    np.testing.assert_array_equal(matrix, [[1, -2.5, np.nan], [0, 3e300, np.inf]])
    assert matrix.dtype == np.float64
    np.testing.assert_array_equal(np.load(folder / "cube.npy"), [[[1, 2]], [[3, 4]]])
    assert np.load(folder / "none.npy").shape == (0, 3)
    assert np.load(folder / "scalar.npy") == 7.0
    flags = np.load(folder / "flags.npy")
    assert flags.dtype == bool and flags.tolist() == [True, False, True]


def test_npy_data_are_aligned(folder):
    for name in ("matrix", "cube", "flags"):
        with open(folder / f"{name}.npy", "rb") as file:
            np.lib.format.read_magic(file)
            np.lib.format.read_array_header_1_0(file)
            assert file.tell() % 64 == 0


def test_npz(folder):
    with np.load(folder / "several.npz") as arrays:
        assert set(arrays.files) == {"cube", "none", "größe"}
        np.testing.assert_array_equal(arrays["cube"], [[[1, 2]], [[3, 4]]])
        assert arrays["none"].shape == (0, 3)
        assert arrays["größe"] == 7.0
