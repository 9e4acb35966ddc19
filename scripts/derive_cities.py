#!/usr/bin/env python3
"""Derives examples/world/cities.csv from the tz database's zone.tab (public domain).

usage: derive_cities.py [zone.tab] > examples/world/cities.csv
"""

import csv
import re
import sys
from collections import Counter

ISO_6709 = re.compile(r"^([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?$")


def degrees(sign, whole, minutes, seconds):
    value = int(whole) + int(minutes) / 60 + int(seconds or 0) / 3600
    return -value if sign == "-" else value


def coordinates(text):
    match = ISO_6709.match(text)
    if not match:
        raise ValueError(f"'{text}' is not +-DDMM[SS]+-DDDMM[SS]")
    parts = match.groups()
    return degrees(*parts[:4]), degrees(*parts[4:])


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/zoneinfo/zone.tab"
    with open(path, encoding="ascii") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]
    zones = [(row[2].split("/"), coordinates(row[1])) for row in rows]
    times = Counter(parts[-1] for parts, _ in zones)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["name", "latitude", "longitude"])
    for parts, (latitude, longitude) in zones:
        name = parts[-1] if times[parts[-1]] == 1 else f"{parts[-1]} ({'/'.join(parts[:-1])})"
        out.writerow([name.replace("_", " "), f"{latitude:.4f}", f"{longitude:.4f}"])


if __name__ == "__main__":
    main()
