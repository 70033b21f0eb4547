"""A font that can write Chinese, whatever the machine has."""

from __future__ import annotations

from functools import cache

LATIN = "DejaVu Sans"
"""Comes with matplotlib; covers what a Chinese font may lack."""
CHINESE = (
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
)
"""Sans-serif fonts of Windows, macOS and Linux that have simplified Chinese, the better looking first."""


@cache
def families() -> tuple[str, ...]:
    """Font families to draw with, in the order in which a glyph is looked for.

    The machine's own Chinese font where matplotlib knows one, else Noto Sans SC, which comes with the program.
    """
    from matplotlib.font_manager import FontProperties, fontManager

    installed = {font.name for font in fontManager.ttflist}
    found = next((name for name in CHINESE if name in installed), None)
    if found is None:
        from pylopdf_fonts_zh_cn import sans_path

        path = sans_path()
        fontManager.addfont(path)
        found = FontProperties(fname=path).get_name()
    return found, LATIN


def drawable(text: str) -> str:
    """The text without characters that no font at hand can draw, such as an emoji in the name of a source.

    >>> drawable("朋友圈🔥 A")
    '朋友圈 A'
    """
    known = _glyphs()
    return text if all(ord(character) in known for character in text) else "".join(c for c in text if ord(c) in known)


@cache
def _glyphs() -> frozenset[int]:
    from matplotlib.font_manager import findfont
    from matplotlib.ft2font import FT2Font

    return frozenset(code for family in families() for code in FT2Font(findfont(family)).get_charmap())
