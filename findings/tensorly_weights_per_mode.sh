#!/usr/bin/env bash
# TensorLy 0.10.0's robust_pca of a matrix: the nuclear norm counts twice, once for each mode.
#
# Behaviour: robust_pca(X, reg_E=c) of an n x n matrix minimises 2 ||D||_* + c ||E||_1, since the unfoldings of a matrix, itself and its transpose,
# have a nuclear norm each. The weight of the literature on principal component pursuit, 1 / sqrt(n), is therefore half of what it is there: on an
# instance that pursuit recovers exactly D stays a tenth off, and 2 / sqrt(n) recovers it. Its documentation gives the sum over modes; that
# the default, 1, is no weight for matrices it does not say: D then holds nearly all gross errors.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip -q --disable-pip-version-check install --only-binary :all: numpy==2.2.6 scipy==1.17.1 tensorly==0.10.0

cat > weights.py << 'END'
import sys

import numpy as np
from tensorly.decomposition import robust_pca

n = 60
random = np.random.default_rng(1)
L = random.standard_normal((n, 2)) @ random.standard_normal((2, n))
S = np.where(random.random((n, n)) < 0.05, 10 * random.choice([-1, 1], (n, n)), 0.0)


def pursuit(X, weight, steps=1000, mu=0.05):
    """Plain principal component pursuit by alternating directions: min ||D||_* + weight ||E||_1 with D + E = X."""
    E, Y = np.zeros_like(X), np.zeros_like(X)
    for _ in range(steps):
        U, s, Vt = np.linalg.svd(X - E + Y / mu, full_matrices=False)
        D = (U * np.maximum(s - 1 / mu, 0)) @ Vt
        R = X - D + Y / mu
        E = np.sign(R) * np.maximum(abs(R) - weight / mu, 0)
        Y += mu * (X - D - E)
    return D


def off(D):
    return np.linalg.norm(D - L) / np.linalg.norm(L)


def tensorly(weight):
    # The penalty grows slower than by default, which freezes D before it has got to the minimum.
    return robust_pca(L + S, reg_E=weight, learning_rate=1.02, n_iter_max=2000, verbose=0)[0]


textbook = 1 / np.sqrt(n)
halved = np.linalg.norm(tensorly(textbook) - pursuit(L + S, textbook / 2)) / np.linalg.norm(L)
errors = {"pursuit, 1 / sqrt(n)": off(pursuit(L + S, textbook)), "TensorLy, 1 / sqrt(n)": off(tensorly(textbook)),
          "TensorLy, 2 / sqrt(n)": off(tensorly(2 * textbook)), "TensorLy, default 1": off(tensorly(1.0))}
for name, error in errors.items():
    print(f"{name:22} D off by {error:.1e}")
print(f"TensorLy at 1 / sqrt(n) is pursuit at half of it, to {halved:.0e}")
exact, half, double, default = errors.values()
sys.exit(not (exact < 1e-4 and half > 0.05 and double < 1e-4 and default > 1 and halved < 0.01))
END
OPENBLAS_NUM_THREADS=1 env/bin/python weights.py
# Output seen:
# pursuit, 1 / sqrt(n)   D off by 3.5e-16
# TensorLy, 1 / sqrt(n)  D off by 1.0e-01
# TensorLy, 2 / sqrt(n)  D off by 1.5e-08
# TensorLy, default 1    D off by 1.7e+00
# TensorLy at 1 / sqrt(n) is pursuit at half of it, to 6e-04
