#!/usr/bin/env python3
"""Robust PCA in plain NumPy: METHOD Y.npy X.npy [RANK], METHOD pcp or altproj. Writes the low-rank part; prints its rank and the seconds of the fit.

pcp: principal component pursuit (Candes, Li, Ma & Wright 2011) by inexact ALM (Lin, Chen & Ma 2010), lambda = 1 / sqrt(max(m, n) q), penalty times
1.2 a step, 500 steps at most to 1e-7. altproj: alternating projections (Netrapalli et al. 2014), told the rank: hard thresholds that fall with the
singular values, rank by rank; NaN entries are filled with the present matrix. One full SVD a step in both.
"""

import sys
import time

import numpy as np


def svd(A):
    return np.linalg.svd(A, full_matrices=False)


def pcp(Y, seen, _=None):
    D, q = np.where(seen, Y, 0.0), seen.mean()
    weight = 1 / np.sqrt(max(D.shape) * q)
    largest, size = np.linalg.norm(D, 2), np.linalg.norm(D)
    dual, penalty, X = D / max(largest, np.abs(D).max() / weight), 1.25 / largest, np.zeros_like(D)
    for _ in range(500):
        aim = D - X + dual / penalty
        E = np.where(seen, np.sign(aim) * np.maximum(np.abs(aim) - weight / penalty, 0), aim)
        U, s, V = svd(D - E + dual / penalty)
        s = np.maximum(s - 1 / penalty, 0)
        X = (U * s) @ V
        left = np.where(seen, D - X - E, 0.0)
        dual, penalty = dual + penalty * left, 1.2 * penalty
        if np.linalg.norm(left) < 1e-7 * size:
            break
    return X


def altproj(Y, seen, rank):
    D = np.where(seen, Y, 0.0)
    m, n = D.shape
    beta = 1 / np.sqrt(max(m, n))
    s = svd(D)[1]
    X, S = np.zeros_like(D), np.where(np.abs(D) > beta * s[0], D, 0.0)
    for k in range(1, rank + 1):
        for t in range(60):
            U, s, V = svd(np.where(seen, D - S, X))
            X = (U[:, :k] * s[:k]) @ V[:k]
            cut = beta * (s[k] + 0.5**t * s[k - 1])
            left = np.where(seen, D - X, 0.0)
            S = np.where(np.abs(left) > cut, left, 0.0)
            if cut < 1e-9 * s[0] or np.linalg.norm(left - S) < 1e-9 * np.linalg.norm(D):
                break
    return X


def main():
    method, source, target = sys.argv[1:4]
    Y = np.load(source)
    seen = ~np.isnan(Y)
    start = time.perf_counter()
    X = {"pcp": pcp, "altproj": altproj}[method](Y, seen, int(sys.argv[4]) if len(sys.argv) > 4 else None)
    seconds = time.perf_counter() - start
    s = np.linalg.svd(X, compute_uv=False)
    np.save(target, X)
    print(int(np.sum(s > 1e-6 * s[0])), seconds)


if __name__ == "__main__":
    main()
