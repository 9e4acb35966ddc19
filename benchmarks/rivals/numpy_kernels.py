#!/usr/bin/env python3
"""The kernels' work in NumPy: KERNEL DTYPE ROWS MEASUREMENTS RANK, with KERNEL one of dense, loop, full."""

import sys

import numpy as np

from turns import dense_error, factor, relative_error, serve, symmetric_matrices, targets

ITERATIONS = 300


def dense(dtype, d, n, r):
    A, U = symmetric_matrices(n, d, dtype), factor(d, r, dtype)
    y = targets(A @ (U @ U.T).ravel())

    def sweep():
        w = np.sign(A @ (U @ U.T).ravel() - y) / dtype(n)
        S = (w @ A).reshape(d, d)
        return S @ U, S.T @ U

    return sweep, dense_error(A, U, A @ (U @ U.T).ravel())


def loop(dtype, d, n, r):
    A = symmetric_matrices(n, d, dtype)
    truth, start = factor(d, r, dtype), factor(d, r, dtype, 1)
    y = A @ (truth @ truth.T).ravel()

    def descend():
        U = start.copy()
        for k in range(ITERATIONS):
            w = np.sign(A @ (U @ U.T).ravel() - y) / dtype(n)
            S = (w @ A).reshape(d, d)
            U -= dtype(1e-4 * 0.99**k) * (S @ U + S.T @ U)

    return descend, None


def full(dtype, rows, n, r):
    cols = n // rows
    L, R = factor(rows, r, dtype), factor(cols, r, dtype, 1)
    Y = targets(L @ R.T)

    def sweep():
        S = np.sign(L @ R.T - Y) / dtype(n)
        return S @ R, S.T @ L

    return sweep, full_error(L, R)


def full_error(L, R):
    exact = L[:64].astype(np.longdouble) @ R.T.astype(np.longdouble)
    return relative_error(L[:64] @ R.T, exact)


def main():
    kernel, dtype = sys.argv[1], np.dtype(sys.argv[2]).type
    work = {"dense": dense, "loop": loop, "full": full}[kernel]
    sweep, error = work(dtype, *map(int, sys.argv[3:6]))
    serve(sweep, error, {"NumPy": np.__version__}, ITERATIONS if kernel == "loop" else 1)


if __name__ == "__main__":
    main()
