"""Rivals of `gossan complete`, as short as they can be said in NumPy: each takes the fitted entries and answers the places asked for.

Every one gets what it needs told or chooses it by a tenth of the entries held out, the way its users would.
"""

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as sla


def biases(i, j, y, shape, damping=5.0, rounds=3):
    mu, b, c = y.mean(), np.zeros(shape[0]), np.zeros(shape[1])
    for _ in range(rounds):
        b = np.bincount(i, y - mu - c[j], shape[0]) / (np.bincount(i, minlength=shape[0]) + damping)
        c = np.bincount(j, y - mu - b[i], shape[1]) / (np.bincount(j, minlength=shape[1]) + damping)
    return mu, b, c


def ridge_rows(indptr, other, y, B, ridge):
    r = B.shape[1]
    pattern = sp.csr_matrix((np.ones(len(y)), other, indptr), shape=(len(indptr) - 1, len(B)))
    values = sp.csr_matrix((y, other, indptr), shape=pattern.shape)
    gram = (pattern @ (B[:, :, None] * B[:, None, :]).reshape(len(B), -1)).reshape(-1, r, r) + ridge * np.eye(r)
    return np.linalg.solve(gram, (values @ B)[:, :, None])[:, :, 0]


def als_factors(i, j, y, shape, rank, ridge, sweeps, seed=0):
    rows, cols = sp.csr_matrix((y, (i, j)), shape=shape), sp.csr_matrix((y, (j, i)), shape=shape[::-1])
    B = 0.1 * np.random.default_rng(seed).standard_normal((shape[1], rank))
    for _ in range(sweeps):
        A = ridge_rows(rows.indptr, rows.indices, rows.data, B, ridge)
        B = ridge_rows(cols.indptr, cols.indices, cols.data, A, ridge)
    return A, B


def split(n, share=0.1, seed=0):
    held = np.random.default_rng(seed).random(n) < share
    return ~held, held


def als(i, j, y, shape, at, sweeps=15):
    """Alternating least squares on top of biases; rank and ridge by a held-out tenth. Returns predictions and the rank."""

    def fit(keep, rank, ridge, ask):
        mu, b, c = biases(i[keep], j[keep], y[keep], shape)
        rest = y[keep] - mu - b[i[keep]] - c[j[keep]]
        answer = mu + b[ask[0]] + c[ask[1]]
        if rank > 0:
            A, B = als_factors(i[keep], j[keep], rest, shape, rank, ridge, sweeps)
            answer = answer + np.einsum("ek,ek->e", A[ask[0]], B[ask[1]])
        return np.clip(answer, y.min(), y.max())

    keep, held = split(len(y))
    choices = [(0, 1.0)] + [(rank, ridge) for rank in (5, 10) for ridge in (5.0, 10.0, 20.0)]
    scores = [np.mean((fit(keep, *choice, (i[held], j[held])) - y[held]) ** 2) for choice in choices]
    rank, ridge = choices[int(np.argmin(scores))]
    return fit(np.ones(len(y), bool), rank, ridge, at), rank


def exact_als(i, j, y, shape, at, rank, sweeps=300):
    """The same without biases or ridge, told the rank: for exact entries, from a spectral start."""
    U, s, Vt = sla.svds(sp.csr_matrix((y, (i, j)), shape=shape), k=rank, v0=np.ones(min(shape)))
    B = Vt.T * np.sqrt(s)
    rows, cols = sp.csr_matrix((y, (i, j)), shape=shape), sp.csr_matrix((y, (j, i)), shape=shape[::-1])
    for _ in range(sweeps):
        A = ridge_rows(rows.indptr, rows.indices, rows.data, B, 1e-12)
        B = ridge_rows(cols.indptr, cols.indices, cols.data, A, 1e-12)
        if np.linalg.norm(np.einsum("ek,ek->e", A[i], B[j]) - y) < 1e-10 * np.linalg.norm(y):
            break
    return np.einsum("ek,ek->e", A[at[0]], B[at[1]]), rank


def soft_impute(i, j, y, shape, at, center=True, steps=40, most=60):
    """Soft-impute (Mazumder, Hastie & Tibshirani 2010) with warm starts down a path of thresholds; a held-out tenth chooses."""

    def path(keep, thresholds, ask, best=None):
        mu, b, c = biases(i[keep], j[keep], y[keep], shape) if center else (0.0, np.zeros(shape[0]), np.zeros(shape[1]))
        ii, jj, rest = i[keep], j[keep], y[keep] - mu - b[i[keep]] - c[j[keep]]
        X, answers = np.zeros(shape), []
        for threshold in thresholds:
            for _ in range(steps):
                Y = X.copy()
                Y[ii, jj] = rest
                U, s, Vt = sla.svds(Y, k=most, v0=np.ones(min(shape))) if min(shape) > 5 * most else np.linalg.svd(Y, full_matrices=False)
                s = np.maximum(s - threshold, 0)
                new = (U * s) @ Vt
                change = np.linalg.norm(new - X) / max(np.linalg.norm(new), 1e-12)
                X = new
                if change < 1e-4:
                    break
            answers.append((mu + b[ask[0]] + c[ask[1]] + X[ask], int((s > 0).sum())))
        return answers

    keep, held = split(len(y))
    largest = sla.svds(sp.csr_matrix((y - (y.mean() if center else 0), (i, j)), shape=shape), k=1)[1][0]
    thresholds = largest * np.geomspace(0.7, 0.05 if center else 0.002, 8)
    errors = [np.mean((answer - y[held]) ** 2) for answer, _ in path(keep, thresholds, (i[held], j[held]))]
    chosen = int(np.argmin(errors))
    answer, rank = path(np.ones(len(y), bool), thresholds[: chosen + 1], at)[-1]
    return (np.clip(answer, y.min(), y.max()) if center else answer), rank
