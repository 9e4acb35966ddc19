#!/usr/bin/env python3
"""Rivals of `gossan complete`: METHOD fit.csv test.csv, triplets of whole-number ids. Prints the error on the test ratings, clipped to 1 ... 5, the
rank and the seconds of the fit.

Libraries from PyPI at their defaults and at the best settings known for MovieLens-100K, two threads each; and, as short as they can be said in
NumPy, alternating least squares with biases and soft-impute, which choose by a held-out tenth (completion.py).
"""

import sys
import time

import numpy as np

# The best of a search on these folds: a thing that a user could not know.
LIBMF_TUNED = {"k": 40, "nr_iters": 100, "eta": 0.05, "lambda_p1": 0.0, "lambda_q1": 0.0, "lambda_p2": 0.1, "lambda_q2": 0.1}


def libmf(fit, at, **options):
    """LIBMF. The predictions of its Python package are wrong (python-libmf, issue 9): they are taken from its factors here."""
    from libmf import mf

    rival = mf.MF(nr_threads=2, quiet=True, **options)
    rival.fit(fit)
    model = rival.model
    P = np.ctypeslib.as_array(model.P, (model.m * model.k,)).reshape(model.m, model.k)
    Q = np.ctypeslib.as_array(model.Q, (model.n * model.k,)).reshape(model.n, model.k)
    known = (at[:, 0] < model.m) & (at[:, 1] < model.n)
    answer = np.full(len(at), model.b)
    answer[known] = np.einsum("ek,ek->e", P[at[known, 0]], Q[at[known, 1]])
    return np.where(np.isnan(answer), model.b, answer), model.k


def cmfrec(fit, at, **options):
    import pandas
    from cmfrec import CMF

    rival = CMF(nthreads=2, verbose=False, **options)
    rival.fit(pandas.DataFrame(fit, columns=["UserId", "ItemId", "Rating"]))
    return rival.predict(at[:, 0], at[:, 1]), rival.k


def surprise(fit, at):
    import pandas
    from surprise import SVD, Dataset, Reader

    data = Dataset.load_from_df(pandas.DataFrame(fit), Reader(rating_scale=(1, 5))).build_full_trainset()
    rival = SVD(random_state=0)
    rival.fit(data)
    return np.array([rival.predict(float(i), float(j)).est for i, j in at]), rival.n_factors


def in_numpy(method):
    def rival(fit, at):
        import completion

        i, j = fit[:, 0].astype(int), fit[:, 1].astype(int)
        shape = (max(i.max(), at[:, 0].max()) + 1, max(j.max(), at[:, 1].max()) + 1)
        return getattr(completion, method)(i, j, fit[:, 2].astype(float), shape, (at[:, 0], at[:, 1]))

    return rival


METHODS = {
    "libmf": libmf,
    "libmf-tuned": lambda fit, at: libmf(fit, at, **LIBMF_TUNED),
    "cmfrec": cmfrec,
    "cmfrec-10": lambda fit, at: cmfrec(fit, at, k=10),
    "surprise": surprise,
    "als": in_numpy("als"),
    "soft-impute": in_numpy("soft_impute"),
}


def main():
    method, source, target = sys.argv[1:4]
    fit, test = (np.loadtxt(file, delimiter=",", skiprows=1, dtype=np.float32) for file in (source, target))
    start = time.perf_counter()
    answer, rank = METHODS[method](fit, test[:, :2].astype(int))
    seconds = time.perf_counter() - start
    error = np.sqrt(np.mean((np.clip(answer, 1, 5) - test[:, 2]) ** 2))
    print(error, rank, seconds)


if __name__ == "__main__":
    main()
