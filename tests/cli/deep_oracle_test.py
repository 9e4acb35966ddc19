"""The expected numbers of wang-chou-2026 are those of the scalar recursion, computed anew here.

With equal factors alpha I and a symmetric target, every eigenvalue d of a factor moves by d - eta d^(N-1) (d^N - lam), lam the
eigenvalue of the target: the product's is d^N.
"""

import json
import math
import os
import pathlib
import tomllib

import pytest

FOLDER = pathlib.Path(os.environ["GOSSAN_SOURCE"]) / "experiments/wang-chou-2026"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
N = 3
ALPHA = 0.01


def config(name):
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def eta(run):
    """The step for half the squared norm of the residual matrix: the program's loss is divided by the number of its entries."""
    assert run["model"] == {"name": "deep-product", "depth": N} and run["init"] == {"name": "scaled-identity", "alpha": ALPHA}
    return run["schedule"]["step"] / 20**2


def course(lam, step, steps):
    d, values = ALPHA, [ALPHA**N]
    for _ in range(steps):
        d -= step * d ** (N - 1) * (d**N - lam)
        values.append(d**N)
    return values


def effective_rank(values):
    total = math.fsum(values)
    return math.exp(-math.fsum(v / total * math.log(v / total) for v in values))


def test_noiseless_numbers_are_those_of_the_recursion():
    setting = config("noiseless")
    steps = setting["points"]["values"]
    signal = [course(lam, eta(setting["run"]), max(steps)) for lam in (10, 8, 5)]
    rest = course(0, eta(setting["run"]), max(steps))
    seen = set()
    for number in EXPECTED["noiseless"]["values"]:
        k = int(number["point"])
        assert 0 < number["tolerance"] <= 1e-4
        if number["quantity"] == "effective_rank":
            oracle = effective_rank([each[k] for each in signal] + 17 * [rest[k]])
        else:
            oracle = signal[int(number["quantity"].split()[1]) - 1][k]
        assert number["paper"] == pytest.approx(oracle, rel=1e-9)
        seen.add((k, number["quantity"]))
    assert seen == {(k, quantity) for k in steps for quantity in setting["y"]}


def test_perturbed_numbers_are_those_of_the_recursion_and_of_perturbation_bounds():
    setting = config("perturbed")
    step = eta(setting["run"])
    start = next(t for t, x in enumerate(course(5, step, 3000)) if abs(x - 5) <= 0.5)
    sizes = {point["name"]: point["instance"]["perturbation"] for point in setting["points"]}
    bounds = {"phase_start": lambda size: start, "phase_angle": lambda size: 0}
    # ||E||_F is about n / (2 sqrt n) ||E||, of which the tangent space of rank r has r (2n - r + 1) of n (n + 1) dimensions.
    share = math.sqrt(3 * (2 * 20 - 3 + 1) / (20 * 21))
    bounds["least error"] = lambda size: round(math.sqrt(20) / 2 * share, 1) * size
    bounds |= {f"singular_value {i}": lambda size, lam=lam: lam for i, lam in enumerate((10, 8, 5), 1)}
    for number in EXPECTED["perturbed"]["values"]:
        size = sizes[number["point"]]
        if number["quantity"] == "phase_end":  # no eigenvalue of the noise is above ||E||: none is sooner
            oracle = next(t for t, x in enumerate(course(size, step, 200_000)) if x > 1e-3 * 5)
        else:
            oracle = bounds[number["quantity"]](size)
        assert number["paper"] == pytest.approx(oracle, rel=1e-9), number
        if number["quantity"].startswith("singular_value"):  # Weyl
            assert number["tolerance"] <= max(size, 1e-9)
        if number["quantity"] == "phase_angle":  # Davis and Kahan
            assert number["tolerance"] <= max(size / (5 - size), 1e-6)
