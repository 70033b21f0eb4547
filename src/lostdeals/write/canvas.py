"""How a chart looks: one accent colour, light lines, labels on the data, the finding as its title."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from lostdeals.write.fonts import drawable, families
from lostdeals.write.widths import length

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ACCENT, BAR, DOT, INK, QUIET, LINE = "#2F5D8A", "#B4C9DF", "#8FA9C6", "#262B33", "#7A828E", "#D5DAE1"
WIDTH, HEIGHT, DPI = 1200, 700, 150
"""Pixels of a picture, and pixels per inch."""


LONGEST_LABEL, LONGEST_TITLE = 26, 84
"""Characters, a Chinese one counting double: longer labels are cut, longer titles set smaller."""


@dataclass(frozen=True)
class Bar:
    """One bar with its label and what is written at its end."""

    label: str
    value: float
    text: str
    accent: bool = False
    band: tuple[float, float] | None = None
    """What the value could be at least and at most."""
    inner: float = 0
    """The part of it that is set off."""


@dataclass(frozen=True)
class Interval:
    """One rate with its interval."""

    label: str
    rate: float
    low: float
    high: float
    text: str
    accent: bool = False


@dataclass(frozen=True)
class Picture:
    """One chart, still to be drawn."""

    name: str
    """Of its file."""
    title: str
    """The finding, as a sentence."""
    note: str
    """What is counted, with n."""
    draw: Callable[[Axes], None]


@contextmanager
def style() -> Iterator[None]:
    """Matplotlib's settings while charts are drawn; they are as before afterwards."""
    import matplotlib as mpl

    settings: Any = {
        "font.family": list(families()),
        "font.size": 9.5,
        "text.color": INK,
        "text.parse_math": False,  # a price in dollars is not a formula
        "axes.edgecolor": LINE,
        "axes.unicode_minus": False,
        "axes.axisbelow": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.color": INK,
        "ytick.color": INK,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "grid.color": LINE,
        "grid.linewidth": 0.6,
    }
    with mpl.rc_context(settings):
        yield


def paint(picture: Picture) -> bytes:
    """The picture as PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patheffects import withStroke

    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.04, 0.09, 0.92, 0.70))
    picture.draw(axes)
    title = drawable(picture.title)
    size = 13 * min(1.0, LONGEST_TITLE / max(1, length(title)))
    bold = [withStroke(linewidth=0.45, foreground=INK)]  # the Chinese font that comes with the program has one weight
    figure.text(0.04, 0.925, title, fontsize=size, va="center", path_effects=bold)
    figure.text(0.04, 0.862, drawable(picture.note), fontsize=9, color=QUIET, va="center")
    memory = BytesIO()
    figure.savefig(memory, format="png", metadata={"Software": None})
    return memory.getvalue()


def lying_bars(bars: Sequence[Bar], axes: Axes) -> None:
    """Bars from the left, the first on top."""
    places = range(len(bars))
    most = max(max(bar.value, bar.band[1] if bar.band else 0) for bar in bars)
    axes.barh(places, [bar.value for bar in bars], height=0.62, color=_colours(bars))
    for place, bar in zip(places, bars, strict=True):
        end = bar.value
        if bar.band:
            end = bar.band[1]
            axes.plot(bar.band, [place, place], color=QUIET, linewidth=1.4, solid_capstyle="butt")
        axes.text(end + most * 0.01, place, drawable(bar.text), va="center", fontsize=9)
    axes.set_xlim(0, most * 1.14 or 1)
    _rows(axes, [bar.label for bar in bars])


def intervals(dots: Sequence[Interval], overall: float, axes: Axes) -> None:
    """A dot per rate, a line over its interval, and where the overall rate lies."""
    most = max(dot.high for dot in dots)
    axes.axvline(overall, color=LINE, linewidth=1.2, zorder=0)
    axes.text(overall, -0.72, f"{overall:.0%}", ha="center", va="bottom", fontsize=8, color=QUIET)
    for place, dot in enumerate(dots):
        colour = ACCENT if dot.accent else DOT
        axes.plot([dot.low, dot.high], [place, place], color=colour, linewidth=2, solid_capstyle="round")
        axes.plot([dot.rate], [place], "o", color=colour, markersize=7)
        clear = {
            "facecolor": "white",
            "edgecolor": "none",
            "pad": 1.0,
        }  # the line of the whole does not strike it through
        axes.text(dot.high + most * 0.015, place, drawable(dot.text), va="center", fontsize=9, bbox=clear)
    axes.set_xlim(0, most * 1.25 or 1)
    _rows(axes, [dot.label for dot in dots])


def columns(bars: Sequence[Bar], axes: Axes, width: float = 0.58) -> None:
    """Bars from below, with a line to read them against."""
    places = range(len(bars))
    most = max(bar.value for bar in bars)
    axes.bar(places, [bar.value for bar in bars], width=width, color=_colours(bars))
    for place, bar in zip(places, bars, strict=True):
        axes.text(place, bar.value + most * 0.015, drawable(bar.text), ha="center", va="bottom", fontsize=9)
    axes.set_xticks(list(places), [_label(bar.label) for bar in bars])
    axes.set_xlim(-0.6, len(bars) - 0.4)
    axes.set_ylim(0, most * 1.1 or 1)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])


def histogram(bars: Sequence[Bar], axes: Axes) -> None:
    """Columns that touch, because the groups follow one another."""
    columns(bars, axes, width=0.96)


def stacked(bars: Sequence[Bar], axes: Axes) -> None:
    """Columns with an inner part set off."""
    columns(bars, axes)
    axes.bar(range(len(bars)), [bar.inner for bar in bars], width=0.58, color=ACCENT)


def _rows(axes: Axes, labels: Sequence[str]) -> None:
    """Labels on the left with room for the longest, no other axis."""
    said = [_label(label) for label in labels]
    room = 0.05 + 0.0086 * max(length(label) for label in said)
    axes.set_position((room, 0.05, 0.96 - room, 0.74))
    axes.set_yticks(range(len(said)), said)
    axes.set_ylim(len(said) - 0.4, -0.6)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])


def _label(text: str) -> str:
    text = drawable(" ".join(text.split()))
    while length(text) > LONGEST_LABEL:
        text = text.removesuffix("…")[:-1] + "…"
    return text


def _colours(bars: Sequence[Bar]) -> list[str]:
    return [ACCENT if bar.accent else BAR for bar in bars]
