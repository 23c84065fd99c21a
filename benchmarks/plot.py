"""Ratios as bars, in SVG that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

_WIDTH, _LEFT, _ROW = 760, 250, 22
_FONT = 'font-family="sans-serif" font-size="13"'


def ratios(report: str) -> list[tuple[str, float]]:
    """What stands in brackets in the first table, a column for each phase: multiples of the script's CPU."""
    lines = [line for line in report.splitlines() if line.startswith("|")]
    phases = [cell.strip() for cell in lines[0].strip("|").split("|")][1:]
    found = []
    for line in lines:
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        for phase, cell in zip(phases, cells, strict=False):
            ratio = re.fullmatch(r"[\d.]+ \(([\d.]+)\)", cell)
            if ratio:
                found.append((f"{name}: {phase}", float(ratio[1])))
    return found


def bars(values: Sequence[tuple[str, float]]) -> str:
    """A bar for each value on a scale of its own, with a line at 1."""
    most = max([1.0, *(value for _, value in values)])
    scale = (_WIDTH - _LEFT - 60) / most
    height = _ROW * (len(values) + 2)
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" {_FONT}>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="16">CPU, as a multiple of the plain script (the line)</text>',
    ]
    for row, (name, value) in enumerate(values, 1):
        y = row * _ROW + 4
        drawn += [
            f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{_LEFT}" y="{y}" width="{value * scale:.1f}" height="{_ROW - 6}" fill="#3b7ea1"/>',
            f'<text x="{_LEFT + value * scale + 5:.1f}" y="{y + 13}">{value:.2f}</text>',
        ]
    x = _LEFT + scale
    drawn.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_ROW}" y2="{height - 8}" stroke="#c33"/>')
    return "\n".join([*drawn, "</svg>", ""])
