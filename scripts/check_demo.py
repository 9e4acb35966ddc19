#!/usr/bin/env python3
"""Checks what `make demo` wrote: check_demo.py [out/world] [--seconds 4]. Exit code 1 when a number misses its bound."""

import argparse
import json
import sys
from pathlib import Path


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", nargs="?", default="out/world", type=Path)
    arguments.add_argument("--seconds", default=4.0, type=float, help="bound on the run's own wall time")
    options = arguments.parse_args()

    summary = json.loads((options.folder / "summary.json").read_text())
    truth = summary["truth"]
    checks = [
        ("verdict", summary["verdict"], "trusted", summary["verdict"] == "trusted"),
        ("rank", summary["rank"], "3", summary["rank"] == 3),
        ("median error, km", truth["median_error_km"], "< 0.2", truth["median_error_km"] < 0.2),
        ("99th percentile, km", truth["p99_error_km"], "< 1", truth["p99_error_km"] < 1),
        ("lies flagged", truth["lies_flagged"], "> 0.999", truth["lies_flagged"] > 0.999),
        ("honest flagged", truth["honest_flagged"], "< 0.001", truth["honest_flagged"] < 0.001),
        ("seconds", summary["seconds"], f"< {options.seconds:g}", summary["seconds"] < options.seconds),
    ]
    page = options.folder / "report.html"
    size = page.stat().st_size if page.exists() else 0
    checks.append(("report, bytes", size, "> 100000", size > 100_000))

    for name, value, bound, passed in checks:
        print(f"  {name:<22} {value!s:<24} {bound:<12} {'ok' if passed else 'MISSED'}")
    return 0 if all(passed for *_, passed in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
