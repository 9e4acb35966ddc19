"""Measurements that are larger than the memory that the system grants (ulimit -v, which counts every mapped page of a file, too)."""

import resource

import numpy as np
import pytest
from conftest import DOUBTFUL, OUR_FAULT, RECOVERED, gossan, read_summary

SIDE, COUNT, RANK = 64, 6400, 2
GRANTED = 120 * 10**6  # bytes of address space; the program, its libraries and two threads' stacks take 60 of them
LIMIT = 16  # 10^6 bytes


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Some hundreds of different matrices, over and over: what counts is their size."""
    folder = tmp_path_factory.mktemp("larger")
    random = np.random.default_rng(3)
    few = random.standard_normal((400, SIDE, SIDE))
    U = random.standard_normal((SIDE, RANK)) / np.sqrt(SIDE)
    A = np.lib.format.open_memmap(folder / "A.npy", mode="w+", dtype="f8", shape=(COUNT, SIDE, SIDE))
    for first in range(0, COUNT, len(few)):
        A[first : first + len(few)] = few
    A.flush()
    np.save(folder / "y.npy", np.tile(np.einsum("nij,ij->n", few, U @ U.T), COUNT // len(few)))
    assert (folder / "A.npy").stat().st_size > 12 * LIMIT * 10**6 > GRANTED
    yield folder / "A.npy", folder / "y.npy"
    (folder / "A.npy").unlink()


def run(files, out, *more, **options):
    return gossan("sense", *files, "--rank", RANK, "--threads", 2, "--max-iterations", 20, "--out", out, *more, **options)


def granted():
    resource.setrlimit(resource.RLIMIT_AS, (GRANTED, GRANTED))


def test_streaming_needs_no_more_than_it_is_granted(files, tmp_path):
    for out, options in ((tmp_path / "free", {}), (tmp_path / "limited", {"preexec_fn": granted})):
        done = run(files, out, "--memory-limit", LIMIT, **options)
        assert done.returncode in (RECOVERED, DOUBTFUL), done.stderr
        assert read_summary(out)["choices"]["storage"].startswith("streamed")
    assert (tmp_path / "free" / "U.npy").read_bytes() == (tmp_path / "limited" / "U.npy").read_bytes()


def test_without_the_limit_memory_runs_out_and_is_said_to(files, tmp_path):
    done = run(files, tmp_path / "out", preexec_fn=granted)
    assert done.returncode == OUR_FAULT and "out of memory" in done.stderr
    assert not (tmp_path / "out" / "U.npy").exists()
