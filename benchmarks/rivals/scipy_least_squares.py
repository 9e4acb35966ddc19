#!/usr/bin/env python3
"""scipy.optimize.least_squares with a robust loss, as its manual suggests for outliers: DISTANCES.csv POINTS.npy [--staged].

It is told the rank (3) and the noise (1 km). One call: loss soft_l1 at a scale of 1 km. --staged: five calls of the Cauchy loss, its
scale falling from 3,000 km to 1 km, each from the last answer. The Jacobian is analytic and sparse; trust-region steps use LSMR.
"""

import sys

import numpy as np
from scipy.optimize import least_squares
from scipy.sparse import csr_matrix

from common import classical_scaling, read_chords

RANK = 3


def main():
    i, j, chord, points = read_chords(sys.argv[1])
    pairs = len(i)
    rows = np.repeat(np.arange(pairs), 2 * RANK)
    columns = np.hstack([RANK * i[:, None] + np.arange(RANK), RANK * j[:, None] + np.arange(RANK)]).ravel()

    def residual(x):
        difference = x.reshape(points, RANK)[i] - x.reshape(points, RANK)[j]
        return np.linalg.norm(difference, axis=1) - chord

    def jacobian(x):
        difference = x.reshape(points, RANK)[i] - x.reshape(points, RANK)[j]
        unit = difference / np.maximum(np.linalg.norm(difference, axis=1), 1e-9)[:, None]
        return csr_matrix((np.hstack([unit, -unit]).ravel(), (rows, columns)), (pairs, RANK * points))

    x = classical_scaling(i, j, chord, points, RANK).ravel()
    stages = [("cauchy", scale) for scale in (3000, 400, 50, 7, 1)] if "--staged" in sys.argv else [("soft_l1", 1)]
    for loss, scale in stages:
        x = least_squares(residual, x, jacobian, loss=loss, f_scale=scale, tr_solver="lsmr", max_nfev=200).x
    np.save(sys.argv[2], x.reshape(points, RANK))


if __name__ == "__main__":
    main()
