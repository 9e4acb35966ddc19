#!/usr/bin/env python3
"""The kernels' work by PyTorch's autograd: KERNEL DTYPE ROWS MEASUREMENTS RANK, with KERNEL one of dense, loop, entries, full."""

import sys

import numpy as np
import torch

from turns import dense_error, factor, relative_error, serve, symmetric_matrices, targets

ITERATIONS = 300


def variable(array):
    return torch.from_numpy(array).requires_grad_()


def sweep_of(predict, y, variables):
    def sweep():
        for each in variables:
            each.grad = None
        (predict() - y).abs().mean().backward()

    return sweep


def dense(dtype, d, n, r):
    data, U = symmetric_matrices(n, d, dtype), factor(d, r, dtype)
    A, parameter = torch.from_numpy(data), variable(U)
    predict = lambda: A @ (parameter @ parameter.T).reshape(-1)
    z = predict().detach().numpy()
    return sweep_of(predict, torch.from_numpy(targets(z)), [parameter]), dense_error(data, U, z)


def loop(dtype, d, n, r):
    A = torch.from_numpy(symmetric_matrices(n, d, dtype))
    truth, start = torch.from_numpy(factor(d, r, dtype)), factor(d, r, dtype, 1)
    y = A @ (truth @ truth.T).reshape(-1)

    def descend():
        U = variable(start.copy())
        for k in range(ITERATIONS):
            U.grad = None
            (A @ (U @ U.T).reshape(-1) - y).abs().mean().backward()
            with torch.no_grad():
                U -= 1e-4 * 0.99**k * U.grad

    return descend, None


def entries(dtype, d, n, r):
    random = np.random.default_rng(4)
    i, j = (torch.from_numpy(each) for each in (np.sort(random.integers(0, d, n)), random.integers(0, d, n)))
    L, R = variable(factor(d, r, dtype)), variable(factor(d, r, dtype, 1))
    predict = lambda: (L.index_select(0, i) * R.index_select(0, j)).sum(1)
    z = predict().detach().numpy()
    left, right = (each.detach().numpy()[at[:64].numpy()] for each, at in ((L, i), (R, j)))
    exact = (left.astype(np.longdouble) * right).sum(1)
    return sweep_of(predict, torch.from_numpy(targets(z)), [L, R]), relative_error(z[:64], exact)


def full(dtype, rows, n, r):
    L, R = variable(factor(rows, r, dtype)), variable(factor(n // rows, r, dtype, 1))
    predict = lambda: L @ R.T
    z = predict().detach().numpy()
    exact = L.detach().numpy()[:64].astype(np.longdouble) @ R.detach().numpy().T.astype(np.longdouble)
    return sweep_of(predict, torch.from_numpy(targets(z)), [L, R]), relative_error(z[:64], exact)


def main():
    torch.set_num_threads(1)
    kernel, dtype = sys.argv[1], np.dtype(sys.argv[2]).type
    sweep, error = {"dense": dense, "loop": loop, "entries": entries, "full": full}[kernel](dtype, *map(int, sys.argv[3:6]))
    serve(sweep, error, {"PyTorch": torch.__version__}, ITERATIONS if kernel == "loop" else 1)


if __name__ == "__main__":
    main()
