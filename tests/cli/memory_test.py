"""Measurements that are larger than the memory that the system grants (ulimit -v, which counts every mapped page of a file, too)."""

import resource
import subprocess
from pathlib import Path

import numpy as np
import pytest
from conftest import DOUBTFUL, OUR_FAULT, PROGRAM, RECOVERED, gossan, read_summary

SIDE, COUNT, RANK = 64, 12800, 2
ROOM = 60 * 10**6  # bytes of address space beside what the program, its libraries and two threads' stacks take
LIMIT = 16  # 10^6 bytes


@pytest.fixture(scope="module")
def granted():
    """Sets the limit of a process about to start. What the program takes by itself is read off one that waits for its input."""
    command = [PROGRAM, "bench", "--kernel", "loop-f64", "--size", "small", "--threads", "2", "--paced"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as waiting:
        waiting.stdout.readline()
        status = Path(f"/proc/{waiting.pid}/status").read_text()
        waiting.stdin.close()
    bytes_granted = 1024 * int(status.split("VmPeak:")[1].split()[0]) + ROOM
    assert bytes_granted < 8 * COUNT * SIDE**2
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (bytes_granted, bytes_granted))


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
    assert (folder / "A.npy").stat().st_size > 12 * LIMIT * 10**6
    yield folder / "A.npy", folder / "y.npy"
    (folder / "A.npy").unlink()


def run(files, out, *more, **options):
    return gossan("sense", *files, "--rank", RANK, "--threads", 2, "--max-iterations", 20, "--out", out, *more, **options)


def test_streaming_needs_no_more_than_it_is_granted(files, tmp_path, granted):
    for out, options in ((tmp_path / "free", {}), (tmp_path / "limited", {"preexec_fn": granted})):
        done = run(files, out, "--memory-limit", LIMIT, **options)
        assert done.returncode in (RECOVERED, DOUBTFUL), done.stderr
        assert read_summary(out)["choices"]["storage"].startswith("streamed")
    assert (tmp_path / "free" / "U.npy").read_bytes() == (tmp_path / "limited" / "U.npy").read_bytes()


def test_without_the_limit_memory_runs_out_and_is_said_to(files, tmp_path, granted):
    done = run(files, tmp_path / "out", preexec_fn=granted)
    assert done.returncode == OUR_FAULT and "out of memory" in done.stderr
    assert not (tmp_path / "out" / "U.npy").exists()
