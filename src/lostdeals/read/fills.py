"""The colours of the cells of an .xlsx, for the few sheets whose colours say something."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from pathlib import Path

from lostdeals.errors import LostDealsError
from lostdeals.package.letters import number
from lostdeals.package.opening import open_package, relations, sheet_parts

MOST = 1 << 25
"""Bytes of a sheet's XML beyond which its colours are not looked for."""
THEME = ("FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47")
"""The usual colours of a theme by number, for a file that does not spell them out (ECMA-376, Office 2013)."""
INDEXED = {2: "FF0000", 3: "00FF00", 4: "0000FF", 5: "FFFF00", 6: "FF00FF", 7: "00FFFF"} | {
    **{10: "FF0000", 11: "00FF00", 12: "0000FF", 13: "FFFF00", 14: "FF00FF", 15: "00FFFF", 17: "008000"},
    **{22: "C0C0C0", 23: "808080", 42: "CCFFCC", 43: "FFFF99", 45: "FF99CC", 50: "99CC00", 51: "FFCC00", 52: "FF9900"},
}
"""The usual colours by index, as far as people choose them (ECMA-376 18.8.27)."""
_FILLS = re.compile(rb"<(?:\w+:)?fills\b[^<>]*>(.*?)</(?:\w+:)?fills>", re.DOTALL)
_FILL = re.compile(rb"<(?:\w+:)?fill\b[^<>]*?(?:/>|>(.*?)</(?:\w+:)?fill>)", re.DOTALL)
_COLOUR = re.compile(rb"<(?:\w+:)?fgColor\b([^<>]*)>")
_XFS = re.compile(rb"<(?:\w+:)?cellXfs\b[^<>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_XF = re.compile(rb"<(?:\w+:)?xf\b[^<>]*>")
_SAID = re.compile(rb"""(\w+)=["']([^"'<>]*)["']""")
_PLACE = re.compile(r"([A-Z]+)(\d+)")


def cell_fills(path: Path, name: str) -> dict[tuple[int, str], str]:
    """Row and letter -> colour (RRGGBB) of the filled cells of a sheet but white ones; empty of what is no .xlsx."""
    try:
        with open_package(path) as package:
            part = sheet_parts(package).get(name, "")
            styles = next((target for _, kind, target in relations(package) if kind == "styles"), "")
            there = package.namelist()
            if part not in there or styles not in there or package.getinfo(part).file_size > MOST:
                return {}
            fills = _styles(package.read(styles))
            return _cells(package.read(part), fills) if fills else {}
    except LostDealsError:
        return {}


def hue(colour: str) -> float | None:
    """The place of a colour on the circle (0-360), None of a grey.

    >>> hue("FF0000"), hue("C6EFCE") > 120, hue("D9D9D9")
    (0.0, True, None)
    """
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    place, _, saturation = colorsys.rgb_to_hls(red, green, blue)
    return place * 360 if saturation > GREY else None


GREY = 0.12
"""Saturation up to which a colour is a grey."""


def _styles(xml: bytes) -> dict[bytes, str]:
    """Cell style -> colour, of the styles that fill a cell."""
    fills, styles = _FILLS.search(xml), _XFS.search(xml)
    if not fills or not styles:
        return {}
    colours = [_colour(found) for found in _FILL.findall(fills[1])]
    out = {}
    for place, style in enumerate(_XF.findall(styles[1])):
        fill = dict(_SAID.findall(style)).get(b"fillId", b"0")
        colour = colours[int(fill)] if fill.isdigit() and int(fill) < len(colours) else None
        if colour is not None:
            out[b"%d" % place] = colour
    return out


def _colour(fill: bytes) -> str | None:
    """The colour of a solid fill, None where there is none, of white, and of a pattern."""
    found = _COLOUR.search(fill) if b"solid" in fill else None
    said = _attributes(found[1]) if found else {}
    rgb = said.get("rgb", "")[-6:].upper()
    if not rgb and said.get("theme", "").isdigit() and int(said["theme"]) < len(THEME):
        rgb = THEME[int(said["theme"])]
    if not rgb and said.get("indexed", "").isdigit():
        rgb = INDEXED.get(int(said["indexed"]), "")
    return rgb if re.fullmatch(r"[0-9A-F]{6}", rgb) and rgb != "FFFFFF" else None


def _attributes(text: bytes) -> Mapping[str, str]:
    return {key.decode(): value.decode("utf-8", "replace") for key, value in _SAID.findall(text)}


def _cells(xml: bytes, fills: Mapping[bytes, str]) -> dict[tuple[int, str], str]:
    out = {}
    styled = re.compile(rb"""<(?:\w+:)?c\s(?:[^<>]*?\s)?s=["'](?:%s)["'][^<>]*>""" % b"|".join(fills))
    for cell in styled.findall(xml):
        said = dict(_SAID.findall(cell))
        place = _PLACE.fullmatch(said.get(b"r", b"").decode("ascii", "replace"))
        colour = fills.get(said.get(b"s", b""))
        if place and colour and number(place[1]):
            out[int(place[2]), place[1]] = colour
    return out
