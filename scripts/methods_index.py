#!/usr/bin/env python3
"""Writes docs/methods/README.md to stdout from what the program itself says: methods_index.py build/gossan > docs/methods/README.md"""

import json
import subprocess
import sys

HEAD = """# Methods

One page for each method of descent: its update, what a step costs, what it needs to be told, when it fails, its paper. What stands beside a
method is what `auto` means for loss, schedule and start when the method alone is named; steps are twice as long for a pair of factors. `make docs` writes
this page; do not edit it.

| method | what | needs | beside it |
|---|---|---|---|
"""


def line(row):
    needs = ", ".join(row.get("needs", [])) or "nothing"
    beside = ", ".join(name for part, name in row["companions"].items() if "." not in part)
    return f"| [{row['name']}]({row['name']}.md) | {row['help']} | {needs} | {beside} |\n"


def main():
    described = subprocess.run([sys.argv[1], "describe", "methods", "--json"], check=True, capture_output=True, text=True).stdout
    sys.stdout.write(HEAD + "".join(line(row) for row in json.loads(described)["methods"]))


if __name__ == "__main__":
    main()
