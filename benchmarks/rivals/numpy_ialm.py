#!/usr/bin/env python3
"""Principal component pursuit of a tall table in NumPy: numpy_ialm.py Y.npy. Prints its rank, the share of its sparse part that is not 0, the
steps and the seconds.

Inexact ALM as its authors give it (Lin, Chen & Ma 2010): lambda = 1 / sqrt(max(m, n)), penalty times 1.5 a step, until |Y - L - S|_F < 1e-7 |Y|_F.
Singular values by the Gram matrix of the short side, which is several times faster than an SVD of such a table and exact enough here.
"""

import sys
import time

import numpy as np


def main():
    Y = np.load(sys.argv[1]).astype(float)
    start = time.perf_counter()
    weight, size = 1 / np.sqrt(max(Y.shape)), np.linalg.norm(Y)
    largest = np.sqrt(np.linalg.eigvalsh(Y.T @ Y)[-1])
    dual, penalty, L = Y / max(largest, np.abs(Y).max() / weight), 1.25 / largest, np.zeros_like(Y)
    most = 1e7 * penalty
    for step in range(1, 1001):
        aim = Y - L + dual / penalty
        S = np.sign(aim) * np.maximum(np.abs(aim) - weight / penalty, 0)
        aim = Y - S + dual / penalty
        squares, V = np.linalg.eigh(aim.T @ aim)
        s = np.sqrt(np.maximum(squares, 0))
        V, s = V[:, s > 1 / penalty], s[s > 1 / penalty]
        L = ((aim @ V) * ((s - 1 / penalty) / s)) @ V.T
        left = Y - L - S
        dual, penalty = dual + penalty * left, min(1.5 * penalty, most)
        if np.linalg.norm(left) < 1e-7 * size:
            break
    seconds = time.perf_counter() - start
    print(len(s), np.mean(S != 0), step, seconds)


if __name__ == "__main__":
    main()
