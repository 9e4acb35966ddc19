"""Line plots on linear or logarithmic axes as SVG, for the pages of the documents."""

import html
import math
from dataclasses import dataclass

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7a6a00")


def text(x, y, content, **style):
    attributes = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in style.items())
    return f'<text x="{x:.1f}" y="{y:.1f}"{attributes}>{html.escape(str(content))}</text>'


def svg(width, height, lines):
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">',
                      f'<rect width="{width}" height="{height}" fill="white"/>', *lines, "</svg>"]) + "\n"


@dataclass
class Axis:
    """Values from `low` to `high`, of logarithms where `log`, on the pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    log: bool

    def __call__(self, value):
        value = math.log10(value) if self.log else value
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass
class Panel:
    """A frame with its upper left corner at (left, top), and its axes."""

    left: float
    top: float
    width: float
    height: float
    x: Axis
    y: Axis

    def frame(self, title):
        yield f'<rect x="{self.left}" y="{self.top}" width="{self.width}" height="{self.height}" fill="none" stroke="#888"/>'
        yield text(self.left, self.top - 12, title, font_size=13)

    def y_tick(self, value, label):
        y = self.y(value)
        yield f'<line x1="{self.left}" x2="{self.left + self.width}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
        yield text(self.left - 6, y + 4, label, text_anchor="end")

    def x_ticks(self, values, label, distance=34):
        """Those that keep a distance from the one before."""
        before = -math.inf
        for value in values:
            if self.x(value) - before < distance:
                continue
            before = self.x(value)
            yield text(before, self.top + self.height + 16, label(value), text_anchor="middle")

    def line(self, points, colour, dashed=False):
        path = " ".join(f"{self.x(a):.1f},{self.y(b):.1f}" for a, b in points)
        style = 'stroke-dasharray="3 4" opacity="0.6"' if dashed else 'stroke-width="2"'
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" {style}/>'

    def dots(self, points, colour):
        yield from (f'<circle cx="{self.x(a):.1f}" cy="{self.y(b):.1f}" r="3" fill="{colour}"/>' for a, b in points)

    def below(self, row, content, colour):
        yield text(self.left, self.top + self.height + 38 + 16 * row, content, fill=colour)
