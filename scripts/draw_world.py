#!/usr/bin/env python3
"""Draws docs/world.svg from what `make demo` wrote: draw_world.py [out/world] > docs/world.svg

Rings are the true cities, dots the recovered ones; the caption's numbers come from summary.json.
"""

import csv
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDTH, HEIGHT, MARGIN, CAPTION = 960, 480, 16, 60


def place(latitude, longitude):
    return MARGIN + (longitude + 180) / 360 * WIDTH, MARGIN + (90 - latitude) / 180 * HEIGHT


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["latitude"] not in ("", "nan")]


def spots(rows, radius, style):
    for row in rows:
        x, y = place(float(row["latitude"]), float(row["longitude"]))
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" {style}/>'


def graticule():
    for longitude in range(-180, 181, 30):
        (x, top), (_, bottom) = place(90, longitude), place(-90, longitude)
        yield f'<path d="M{x:.1f} {top:.1f}V{bottom:.1f}"/>'
    for latitude in range(-90, 91, 30):
        (left, y), (right, _) = place(latitude, -180), place(latitude, 180)
        yield f'<path d="M{left:.1f} {y:.1f}H{right:.1f}"/>'


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out/world"
    summary = json.loads((folder / "summary.json").read_text())
    truth, recovered = read(ROOT / "examples/world/cities.csv"), read(folder / "points.csv")
    errors = summary["truth"]
    first = (f"{len(recovered)} of {len(truth)} cities from {summary['inputs'][0]['pairs']:,} distances alone, "
             f"{100 * summary['outlier_fraction']:.0f} % of them lies")
    second = (f"median error {1000 * errors['median_error_km']:.0f} m, 99 % within {1000 * errors['p99_error_km']:.0f} m; "
              f"{100 * errors['lies_flagged']:.2f} % of the lies found; verdict {summary['verdict']}")
    total, tall = WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN + CAPTION
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {tall}" font-family="sans-serif" role="img">')
    print(f"<title>{first}: {second}</title>")
    print(f'<rect width="{total}" height="{tall}" rx="8" fill="#fbfaf7"/>')
    print('<g stroke="#dedacf" stroke-width="0.7" fill="none">', *graticule(), "</g>")
    print("<g>", *spots(truth, 3.4, 'fill="none" stroke="#8a8578" stroke-width="0.9"'), "</g>", sep="\n")
    print("<g>", *spots(recovered, 1.9, 'fill="#b3471d"'), "</g>", sep="\n")
    base = HEIGHT + 2 * MARGIN
    print(f'<g fill="#2f2c26" font-size="16"><text x="{MARGIN}" y="{base + 16}">{first}</text>')
    print(f'<text x="{MARGIN}" y="{base + 40}" fill="#6b665b">{second}</text></g>')
    print(f'<g font-size="13" fill="#6b665b"><circle cx="{total - 196}" cy="{base + 11}" r="3.4" fill="none" stroke="#8a8578"/>'
          f'<text x="{total - 188}" y="{base + 16}">true</text><circle cx="{total - 126}" cy="{base + 11}" r="1.9" fill="#b3471d"/>'
          f'<text x="{total - 118}" y="{base + 16}">recovered</text></g>')
    print("</svg>")


if __name__ == "__main__":
    main()
