#!/usr/bin/env python3
"""Over-parameterised l1 sub-gradient descent in plain NumPy: DISTANCES.csv POINTS.npy.

U (N x 10) from a tiny random start, 500 steps U <- U - .5 * .99^t * (row sums of sign(|u_i - u_j|^2 - y)(u_i - u_j)) / degree, then
the best rank-3 part of it: told the rank at the end, not before. It is the start of `gossan locate` without its finish.
"""

import sys

import numpy as np

from common import read_chords

SEARCH_RANK, RANK, STEPS = 10, 3, 500


def main():
    i, j, chord, points = read_chords(sys.argv[1])
    scale = np.median(chord**2)
    y = chord**2 / scale
    degree = np.maximum(np.bincount(i, minlength=points) + np.bincount(j, minlength=points), 1)
    U = np.random.default_rng(0).standard_normal((points, SEARCH_RANK)) * 1e-3 / np.sqrt(points)
    for t in range(STEPS):
        difference = U[i] - U[j]
        pull = np.sign((difference**2).sum(1) - y)[:, None] * difference
        gradient = np.column_stack([np.bincount(i, pull[:, k], points) - np.bincount(j, pull[:, k], points)
                                    for k in range(SEARCH_RANK)])
        U -= 0.5 * 0.99**t * gradient / degree[:, None]
    left, values, _ = np.linalg.svd(U - U.mean(0), full_matrices=False)
    np.save(sys.argv[2], left[:, :RANK] * values[:RANK] * np.sqrt(scale))


if __name__ == "__main__":
    main()
