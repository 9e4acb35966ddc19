"""How the rivals of the kernels take turns: the same protocol as `gossan bench --paced`, and the same numbers to work on."""

import json
import sys
import time

import numpy as np

TURN = 0.03  # seconds that a turn lasts at least


def serve(sweep, error, versions, sweeps=1):
    """A line of JSON that says what this is; then, for each line that comes in, one turn and its seconds per sweep."""
    sweep()
    print(json.dumps({"residual_error": error, "versions": versions}), flush=True)
    for _ in sys.stdin:
        start, cpu_start, done = time.perf_counter(), time.process_time(), 0
        while done == 0 or time.perf_counter() - start < TURN:
            sweep()
            done += sweeps
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
        print(json.dumps({"seconds": seconds / done, "cpu_seconds": cpu_seconds / done}), flush=True)


def symmetric_matrices(n, d, dtype):
    """n symmetric d x d matrices of whole numbers from -127 to 127, one a row."""
    A = np.empty((n, d * d), dtype)
    random = np.random.default_rng(1)
    for first in range(0, n, 500):
        block = random.integers(-127, 128, (min(500, n - first), d, d), np.int8)
        upper = np.triu(block)
        A[first:first + len(block)] = (upper + np.triu(block, 1).transpose(0, 2, 1)).reshape(len(block), -1)
    return A


def factor(d, r, dtype, stream=0):
    return np.random.default_rng([2, stream]).standard_normal((d, r)).astype(dtype)


def targets(z):
    """y such that both signs of z - y are equally likely."""
    noise = np.random.default_rng(3).integers(-127, 128, z.shape, np.int8)
    return (noise * (np.sqrt(np.mean(np.square(z, dtype=np.float64))) / 500)).astype(z.dtype)


def relative_error(z, exact):
    """Largest error of predictions, over the root mean square of the exact ones."""
    return float(np.max(np.abs(z - exact)) / np.sqrt(np.mean(exact**2)))


def dense_error(A, U, z):
    """Largest error of 64 predictions <A_e, U U^T> against sums in long double, over the root mean square of all."""
    rows = np.linspace(0, len(A) - 1, 64).astype(int)
    X = (U.astype(np.longdouble) @ U.T.astype(np.longdouble)).ravel()
    exact = np.array([A[e].astype(np.longdouble) @ X for e in rows])
    return float(np.max(np.abs(z[rows] - exact)) / np.sqrt(np.mean(np.square(z, dtype=np.float64))))
