#!/usr/bin/env bash
# SciPy 1.17.1's svds(solver="propack") on matrices with orthonormal columns.
#
# Behaviour: all singular values of such a matrix, or of its transpose, are 1. PROPACK returns larger ones, up to 1.4, and left vectors that are
# not orthonormal, with no warning. ARPACK returns 1, and so does PROPACK of SciPy 1.14.1. Where the singular values differ it is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > orthonormal.py << 'END'
import sys
import warnings

import numpy as np
import scipy
from scipy.linalg import hadamard
from scipy.sparse.linalg import svds

warnings.simplefilter("error")
H = hadamard(64) / 8
matrices = {"identity": np.eye(40), "Hadamard": H, "20 rows of it": H[:20], "1, 2, ... 40": np.diag(np.arange(1.0, 41.0))}


def errors(solver, A):
    """How far the 4 largest singular values are off, and U^T U from the identity."""
    start = np.linspace(1, 2, min(A.shape))
    U, values, _ = svds(A, k=4, solver=solver, v0=start)
    truth = np.linalg.svd(A, compute_uv=False)[3::-1]
    return abs(values - truth).max(), abs(U.T @ U - np.eye(4)).max()


found = {(solver, name): errors(solver, A) for solver in ("propack", "arpack") for name, A in matrices.items()}
for (solver, name), (value, vectors) in found.items():
    print(f"SciPy {scipy.__version__}  {solver:8} {name:14} values off by {value:7.1e}, vectors by {vectors:7.1e}")
wrong = {key for key, both in found.items() if max(both) > 1e-6}
broken = {("propack", name) for name in matrices if name != "1, 2, ... 40"}
sys.exit(wrong != (broken if sys.argv[1] == "wrong" else set()))
END
for release in 1.17.1:wrong 1.14.1:right; do
  python3 -m venv "${release%:*}"
  "${release%:*}/bin/pip" -q --disable-pip-version-check install --only-binary :all: scipy=="${release%:*}" numpy==2.2.6
  "${release%:*}/bin/python" orthonormal.py "${release#*:}"
done
# Output seen of 1.17.1; how far it is off changes from run to run. With 1.14.1 no line is off by more than 1e-13.
# SciPy 1.17.1  propack  identity       values off by 3.6e-01, vectors by 1.0e+00
# SciPy 1.17.1  propack  Hadamard       values off by 1.7e-01, vectors by 1.0e+00
# SciPy 1.17.1  propack  20 rows of it  values off by 8.9e-02, vectors by 1.0e+00
# SciPy 1.17.1  propack  1, 2, ... 40   values off by 5.7e-14, vectors by 4.0e-15
# SciPy 1.17.1  arpack   identity       values off by 2.2e-16, vectors by 6.7e-16
