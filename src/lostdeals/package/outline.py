"""Where the elements of a small part stand, byte by byte, so that it can be edited without being written anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.parsers.expat import ParserCreate
from xml.sax.saxutils import escape

_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")


@dataclass(frozen=True)
class Element:
    """An element by its place in the bytes."""

    name: str
    """Without its prefix."""
    attributes: Mapping[str, str]
    """By their names as written, prefix and all."""
    start: int
    """Of ``<``."""
    inside: int
    """After the start tag."""
    close: int
    """Of the end tag; where there is none (``<a/>``), as `inside`."""
    end: int
    """After the whole element."""
    children: tuple[Element, ...] = ()
    """Only as deep as was asked for."""

    def child(self, name: str) -> Element | None:
        """The first child of that name."""
        return next((one for one in self.children if one.name == name), None)

    def all(self, name: str) -> list[Element]:
        """Every child of that name."""
        return [one for one in self.children if one.name == name]


class Part:
    """The bytes of a part with its outline; edits are collected and done at once, so that offsets stay true.

    >>> part = Part(b'<x:a xmlns:x="u"><x:list count="1"><x:b/></x:list><x:c/></x:a>')
    >>> part.append(part.root.child("list"), part.tag("b", {"id": "2"}), count=1)
    >>> part.edited()
    b'<x:a xmlns:x="u"><x:list count="2"><x:b/><x:b id="2"/></x:list><x:c/></x:a>'
    """

    def __init__(self, xml: bytes, depth: int = 2) -> None:
        """`depth`: of the outline; 1 has the root's children, 2 theirs as well."""
        self.xml = xml
        self.root = _outline(xml, depth)
        self.prefix = _prefix_at(xml, self.root.start)
        """Of the root element, with its colon."""
        self._edits: list[tuple[int, int, bytes]] = []
        self._appended: dict[int, tuple[Element, list[tuple[bytes, int]]]] = {}

    def text(self, element: Element) -> str:
        """What stands in an element, entities resolved."""
        return _plain(self.xml[element.inside : element.close])

    def source(self, element: Element) -> bytes:
        """The element as it stands."""
        return self.xml[element.start : element.end]

    def tag(self, name: str, attributes: Mapping[str, object], inner: bytes | None = None) -> bytes:
        """An element with this part's prefix."""
        said = "".join(f' {key}="{quoted(str(value))}"' for key, value in attributes.items() if value is not None)
        full = f"{self.prefix}{name}"
        return (
            f"<{full}{said}/>".encode() if inner is None else f"<{full}{said}>".encode() + inner + f"</{full}>".encode()
        )

    def put(self, at: int, new: bytes) -> None:
        """Insert at an offset; what is put at one offset stands in the order it was put."""
        self._edits.append((at, at, new))

    def replace(self, start: int, end: int, new: bytes) -> None:
        """Another text from `start` up to `end`."""
        self._edits.append((start, end, new))

    def remove(self, element: Element) -> None:
        """Take an element away."""
        self.replace(element.start, element.end, b"")

    def append(self, parent: Element, new: bytes, *, count: int | None = None) -> None:
        """Put children behind the others; `count`: how many, where the parent counts them in its attribute."""
        self._appended.setdefault(parent.start, (parent, []))[1].append((new, count or 0))

    def set(self, element: Element, attributes: Mapping[str, str]) -> None:
        """Other values for some attributes."""
        tag = self.xml[element.start : element.inside]
        self.replace(element.start, element.inside, with_attributes(tag, attributes))

    def insert_in_order(self, new: bytes, name: str, order: Sequence[str], parent: Element | None = None) -> None:
        """A child of the root (or of `parent`), behind the last one that may stand before it by the schema's `order`."""
        parent = parent or self.root
        place = order.index(name)
        before = [one for one in parent.children if one.name in order and order.index(one.name) <= place]
        if not before and parent.close == parent.end:
            self.append(parent, new)
        else:
            self.put(before[-1].end if before else parent.inside, new)

    def edited(self) -> bytes:
        """The part with all edits."""
        edits = [*self._edits, *(edit for parent, new in self._appended.values() for edit in self._grown(parent, new))]
        out, at = [], 0
        for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
            out += [self.xml[at:start], new]
            at = end
        return b"".join([*out, self.xml[at:]])

    def _grown(self, parent: Element, appended: Sequence[tuple[bytes, int]]) -> list[tuple[int, int, bytes]]:
        """The edits that put children behind the others."""
        new, count = b"".join(one for one, _ in appended), sum(one for _, one in appended)
        tag = self.xml[parent.start : parent.inside]
        counted = bool(count) and "count" in parent.attributes
        if counted:
            tag = with_attributes(tag, {"count": str(int(parent.attributes["count"]) + count)})
        if parent.close != parent.end:
            inserted = (parent.close, parent.close, new)
            return [(parent.start, parent.inside, tag), inserted] if counted else [inserted]
        name = re.match(rb"<([^\s/>]+)", tag)
        assert name is not None
        return [(parent.start, parent.end, tag[:-2].rstrip() + b">" + new + b"</" + name[1] + b">")]


def with_attributes(tag: bytes, attributes: Mapping[str, str]) -> bytes:
    r"""A start tag with other values for some attributes, new ones at its end.

    >>> with_attributes(b"<a ref='A1:B2' id=\"1\"/>", {"ref": "A1:C2", "x": "1"})
    b'<a ref="A1:C2" id="1" x="1"/>'
    """
    for name, value in attributes.items():
        said = f'{name}="{quoted(value)}"'.encode()
        pattern = rb"""(?<=\s)%s\s*=\s*(?:"[^"]*"|'[^']*')""" % re.escape(name.encode())
        tag, found = re.subn(pattern, lambda _, said=said: said, tag, count=1)  # type: ignore[misc]
        if not found:
            end = -2 if tag.endswith(b"/>") else -1
            tag = tag[:end].rstrip() + b" " + said + tag[end:]
    return tag


def quoted(value: str) -> str:
    """Text as it may stand in an attribute."""
    return escape(value, {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


def _outline(xml: bytes, depth: int) -> Element:
    parser = ParserCreate()
    stack: list[_Open] = []
    root: list[Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        if len(stack) <= depth:
            tag = _TAG.match(xml, at)
            stack.append(_Open(name, attributes, at, tag.end() if tag else at, []))
        else:
            stack.append(_DEEPER)

    def end(_: str) -> None:
        one = stack.pop()
        if one is _DEEPER:
            return
        close = parser.CurrentByteIndex
        after = one.inside if close == one.inside and xml[close - 2 : close] == b"/>" else xml.index(b">", close) + 1
        element = Element(
            one.name.rpartition(":")[2], one.attributes, one.start, one.inside, close, after, tuple(one.children)
        )
        (stack[-1].children if stack else root).append(element)

    def refuse(*_: object) -> None:
        raise ValueError("document type declaration")

    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = start, end, refuse
    parser.Parse(xml, True)
    return root[0]


@dataclass(frozen=True)
class _Open:
    """An element whose end has not come yet."""

    name: str
    attributes: dict[str, str]
    start: int
    inside: int
    children: list[Element]


_DEEPER = _Open("", {}, 0, 0, [])


def _prefix_at(xml: bytes, at: int) -> str:
    found = re.match(rb"<([^\s/>:]+:)", xml[at : at + 100])
    return found[1].decode() if found else ""


def _plain(xml: bytes) -> str:
    said: list[str] = []
    parser = ParserCreate()
    parser.CharacterDataHandler = said.append
    parser.Parse(b"<a>" + xml + b"</a>", True)
    return "".join(said)


def fresh(taken: Iterable[str], name: Callable[[int], str]) -> str:
    """The first of ``name(1)``, ``name(2)`` … that nobody has, capitals aside."""
    known = {one.casefold() for one in taken}
    number = 1
    while name(number).casefold() in known:
        number += 1
    return name(number)
