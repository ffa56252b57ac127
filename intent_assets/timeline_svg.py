"""The picture of a run's timeline as SVG: where did the minute go."""

from collections.abc import Iterator
from html import escape

from intent_assets.timeline import Row, Timeline

_WIDTH, _NAMES, _LINE, _TOP = 960, 250, 18, 34
_STEP, _CALL, _ON_WAY = "#b8bec8", "#5b8def", "#e4572e"
_FONT = 'font-family="sans-serif" font-size="11"'
_LEGEND = "grey: step; blue: outside call; orange: calls that all waited for"
_TICKS = 8
_NICE = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1800, 3600)


def as_svg(timeline: Timeline, title: str) -> str:
    """Return a stand-alone picture: a line for each step and sort of call, the calls that all waited for set off."""
    height = _TOP + _LINE * (len(timeline.rows) + 2)
    scale = (_WIDTH - _NAMES - 20) / max(timeline.total, 0.001)
    lines = (piece for at, row in enumerate(timeline.rows) for piece in _line(row, _TOP + _LINE * (at + 1), scale))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" {_FONT} role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="8" y="20" font-size="14" fill="#1c2430">{escape(title)}</text>',
        *_axis(timeline.total, scale, height),
        *lines,
        f'<text x="8" y="{height - 6}" fill="#4a5361">{_LEGEND}</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axis(total: float, scale: float, height: int) -> Iterator[str]:
    step = next((each for each in _NICE if total / each <= _TICKS), _NICE[-1])
    for number in range(int(total / step) + 1):
        x = _NAMES + number * step * scale
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{height - _LINE}" stroke="#e3e6eb"/>'
        yield f'<text x="{x:.1f}" y="{_TOP - 2}" text-anchor="middle" fill="#4a5361">{number * step:g} s</text>'


def _line(row: Row, y: int, scale: float) -> Iterator[str]:
    indent, name = (8, row.name) if not row.calls else (20, f"{row.name}{f' x{row.calls}' if row.calls > 1 else ''}")
    yield f'<text x="{indent}" y="{y + 4}" fill="#1c2430">{escape(name)}</text>'
    colour = _STEP if not row.calls else _ON_WAY if row.is_on_way else _CALL
    for began, ended in row.seconds:
        x, width = _NAMES + began * scale, max((ended - began) * scale, 1)
        yield f'<rect x="{x:.1f}" y="{y - 5}" width="{width:.1f}" height="10" rx="2" fill="{colour}" opacity="0.75"/>'
