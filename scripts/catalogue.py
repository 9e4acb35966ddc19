#!/usr/bin/env python3
"""Writes docs/catalogue.md to stdout from what the program itself says: catalogue.py build/gossan > docs/catalogue.md"""

import subprocess
import sys

HEAD = """# Catalogue

Everything that can be chosen by name, with its options and their defaults, as `gossan describe` prints it. `make docs` writes this
page; do not edit it.

```
"""


def main():
    described = subprocess.run([sys.argv[1], "describe"], check=True, capture_output=True, text=True).stdout
    sys.stdout.write(HEAD + described.rstrip() + "\n```\n")


if __name__ == "__main__":
    main()
