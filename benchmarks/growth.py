"""How the cost of a sweep grows with the size of the problem: measured, and drawn as an SVG."""

import math
import sys

from contestants import ROOT, race

sys.path.insert(0, str(ROOT / "scripts"))
from plot import COLOURS, Axis, Panel, svg  # noqa: E402

ROUNDS = 5
WIDTH, HEIGHT, LEFT, TOP, GAP = 290, 250, 62, 44, 86

# title, axis, what x is for a size (rows, measurements, rank), then (kernel, sizes) each
PANELS = (
    ("matrix entries", "d x d", lambda d, n, r: d * d,
     [(kernel, [(d, 6000, 4) for d in (50, 71, 100, 141, 200)]) for kernel in ("dense-packed-f64", "dense-packed-f32")]
     + [("rademacher-ars", [(d, 6000, 4) for d in (50, 71, 100, 141, 200)])]),
    ("measurements", "n", lambda d, n, r: n,
     [("dense-packed-f64", [(100, n, 4) for n in (2500, 5000, 10000, 20000)]),
      ("dense-packed-f32", [(100, n, 4) for n in (2500, 5000, 10000, 20000)]),
      ("rank-one", [(500, n, 4) for n in (5000, 10000, 20000, 40000)]),
      ("entries-f32", [(4000, n, 10) for n in (500_000, 1_000_000, 2_000_000, 4_000_000)]),
      ("full-f32", [(2000, 2000 * k, 10) for k in (400, 800, 1600, 3200)])]),
    ("columns of the factors", "r", lambda d, n, r: r,
     [("rank-one", [(500, 10000, r) for r in (8, 16, 32, 64)]), ("entries-f32", [(4000, 1_000_000, r) for r in (8, 16, 32, 64)]),
      ("full-f32", [(4000, 4000 * 800, r) for r in (8, 16, 32, 64)])]),
)


def measured(field_of, kernel, sizes):
    """[(size, seconds)] of a kernel; empty where this program does not have it."""
    contestants = [each for size in sizes for each in field_of.gossan(kernel, size, label=" ".join(map(str, size)))]
    results = race(contestants[:1], 1)
    if not results:
        return []
    for each in contestants:
        each.seconds.clear()
    results = race(contestants, ROUNDS)
    return [(size, results[" ".join(map(str, size))].median) for size in sizes]


def exponent(points):
    """Slope of the least-squares line through the logarithms."""
    x, y = [math.log(a) for a, _ in points], [math.log(b) for _, b in points]
    mx, my = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mx) * (b - my) for a, b in zip(x, y)) / sum((a - mx) ** 2 for a in x)


def axis_label(value):
    for factor, unit in ((1e6, "M"), (1e3, "k")):
        if value >= factor:
            return f"{value / factor:.3g}{unit}"
    return f"{value:.3g}"


def time_label(seconds):
    return f"{seconds * 1e3:g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:g} us"


def panel(at, title, axis, series):
    """One log-log plot; `series` is [(kernel, [(x, seconds)])]."""
    left = LEFT + at * (WIDTH + GAP)
    xs, ys = [x for _, points in series for x, _ in points], [y for _, points in series for _, y in points]
    low_y, high_y = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    plot = Panel(left, TOP, WIDTH, HEIGHT,
                 Axis(math.log10(min(xs)) - 0.06, math.log10(max(xs)) + 0.06, left, left + WIDTH, log=True),
                 Axis(low_y, high_y, TOP + HEIGHT, TOP, log=True))
    yield from plot.frame(f"a sweep against {title}, {axis}")
    for power in range(low_y, high_y + 1):
        yield from plot.y_tick(10.0**power, time_label(10.0**power))
    yield from plot.x_ticks(sorted(set(xs)), axis_label)
    for k, (kernel, points) in enumerate(series):
        colour = COLOURS[k % len(COLOURS)]
        (x0, y0), x1 = points[0], points[-1][0]
        if y0 * x1 / x0 <= 10**high_y:
            yield from plot.line([(x0, y0), (x1, y0 * x1 / x0)], colour, dashed=True)
        yield from plot.line(points, colour)
        yield from plot.dots(points, colour)
        yield from plot.below(k, f"{kernel}: time grows as {axis} to the {exponent(points):.2f}", colour)


def growth_plot(field_of):
    panels = []
    for title, axis, x_of, kernels in PANELS:
        series = [(kernel, [(x_of(*size), seconds) for size, seconds in measured(field_of, kernel, sizes)]) for kernel, sizes in kernels]
        panels.append((title, axis, [each for each in series if each[1]]))
    panels = [each for each in panels if each[2]]
    body = [line for at, each in enumerate(panels) for line in panel(at, *each)]
    width = LEFT + len(panels) * (WIDTH + GAP) - GAP + 30
    height = TOP + HEIGHT + 38 + 16 * max(len(series) for _, _, series in panels)
    return svg(width, height, body)
