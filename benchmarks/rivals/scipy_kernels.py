#!/usr/bin/env python3
"""Entries of a low-rank matrix in NumPy and SciPy: DTYPE ROWS MEASUREMENTS RANK. The entries come sorted, as SciPy wants them."""

import sys

import numpy as np
import scipy
from scipy.sparse import csr_matrix

from turns import factor, relative_error, serve, targets


def main():
    dtype = np.dtype(sys.argv[1]).type
    d, n, r = map(int, sys.argv[2:5])
    random = np.random.default_rng(4)
    i, j = np.sort(random.integers(0, d, n, np.int32)), random.integers(0, d, n, np.int32)
    L, R = factor(d, r, dtype), factor(d, r, dtype, 1)
    z = np.einsum("er,er->e", L[i], R[j])
    y = targets(z)
    pointers = np.concatenate([[0], np.cumsum(np.bincount(i, minlength=d))]).astype(np.int32)
    S = csr_matrix((np.zeros(n, dtype), j, pointers), (d, d))

    def sweep():
        S.data[:] = np.sign(np.einsum("er,er->e", L[i], R[j]) - y) / dtype(n)
        return S @ R, S.T @ L

    exact = (L[i[:64]].astype(np.longdouble) * R[j[:64]]).sum(1)
    serve(sweep, relative_error(z[:64], exact), {"SciPy": scipy.__version__})


if __name__ == "__main__":
    main()
