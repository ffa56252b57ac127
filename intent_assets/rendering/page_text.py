"""What a Notion page says, read back as markdown: one line for each thing that a reader sees. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from intent_assets.rendering.markdown import SOURCES, escaped, inline
from intent_assets.rendering.notion import NotionBlock
from intent_assets.rendering.text import clean

_NOTE = re.compile(r"\[\d{1,4}\]")
_TYPED_NOTE = re.compile(r"\\\[(\d{1,4})\\\]")
_SOURCES = re.compile(rf"{SOURCES} \(\d+\)(?: \(continued\))?")
_LISTED = re.compile(r"\\?\[(\d{1,4})\\?\]\s+")
_MARKS = {"heading_1": "## ", "heading_2": "## ", "heading_3": "### ", "bulleted_list_item": "- ",
          "numbered_list_item": "1. ", "callout": "> ", "quote": "> ", "to_do": "- "}  # fmt: skip


_ITEMS = frozenset({"bulleted_list_item", "numbered_list_item"})


@dataclass(frozen=True)
class PageLine:
    """One line: `text` is markdown, `links` where its footnotes lead; `apart` says that it starts something new."""

    text: str
    links: tuple[str, ...] = ()
    apart: bool = True


def page_lines(title: str, blocks: Iterable[NotionBlock]) -> list[PageLine]:
    """Return title and blocks, as sent or as read (`children` filled in), as lines; what says nothing is left out.

    White space counts as one blank; colours and icons are not told.
    """
    return [PageLine(f"# {escaped(title)}"), *(line for block in blocks for line in _block(block))]


def joined(lines: Iterable[PageLine]) -> tuple[str, list[tuple[int, int]]]:
    """Return the lines as one markdown text, and where each of them stands in it."""
    text, before = "", ""
    places = []
    for line in lines:
        if text:
            text += "\n\n" if line.apart or _is_item(line.text) != _is_item(before) else "\n"
        places.append((len(text), len(text) + len(line.text)))
        text += line.text
        before = line.text
    return text, places


def _is_item(line: str) -> bool:
    return line.startswith(("- ", "1. "))


def _block(block: NotionBlock, row: int = 0) -> Iterator[PageLine]:
    kind = str(block.get("type"))
    value = block.get(kind)
    value = value if isinstance(value, dict) else {}
    children = value.get("children") or block.get("children") or []
    if kind == "table_row":
        cells = [_inline(cell) for cell in value.get("cells") or []]
        line = f"| {' | '.join(text for text, _ in cells)} |"
        yield PageLine(line, tuple(link for _, links in cells for link in links), apart=row == 0)
        if row == 0:
            yield PageLine(f"|{' --- |' * len(cells)}", apart=False)
    elif kind == "table":
        for number, child in enumerate(children):
            yield from _block(child, number)
        return
    elif kind == "divider":
        yield PageLine("---")
    else:
        yield from _said(kind, value)
    for child in children:
        yield from _block(child)


def _said(kind: str, value: NotionBlock) -> Iterator[PageLine]:
    array = value.get("rich_text")
    for number, part in enumerate(_in_lines(array if isinstance(array, list) else [])):
        text, links = _inline(part)
        if kind == "toggle" and _SOURCES.fullmatch(_plain(part)):
            yield PageLine(f"## {SOURCES}")
        elif kind == "bulleted_list_item" and (listed := _LISTED.match(text)):
            yield PageLine(f"- [{listed[1]}] {text[listed.end() :]}", links, apart=False)
        elif text:
            mark = _MARKS.get(kind, "")
            yield PageLine(f"{mark}{text}", links, apart=number == 0 and kind not in _ITEMS)
    if not array and kind not in {"paragraph", *_MARKS}:
        yield PageLine(f"({kind.replace('_', ' ')})")


def _in_lines(array: Iterable[NotionBlock]) -> Iterator[list[NotionBlock]]:
    """Yield the items of a rich text array line by line."""
    line: list[NotionBlock] = []
    for item in array:
        for number, part in enumerate(_text_of(item).split("\n")):
            if number:
                yield line
                line = []
            line.append({"plain_text": part, "href": _link_of(item)})
    yield line


def _inline(array: Iterable[NotionBlock]) -> tuple[str, tuple[str, ...]]:
    """Return a rich text array as one line of markdown, and where its footnotes lead."""
    text = ""
    links = []
    for said, link in _merged(array):
        if _NOTE.fullmatch(said):
            text = f"{text.rstrip()} {said}"
            links += [link] if link else []
        elif link and said.strip():
            text += f"[{inline(said)}]({link})"
        else:
            text += inline(said)
    return _TYPED_NOTE.sub(r"[\1]", " ".join(text.split())), tuple(links)


def _merged(array: Iterable[NotionBlock]) -> Iterator[tuple[str, str | None]]:
    """Yield text and link of the items; what stands side by side without a link is one, however it was cut up."""
    plain = ""
    for item in array:
        said, link = clean(_text_of(item)), _link_of(item)
        if link or _NOTE.fullmatch(said):
            if plain:
                yield plain, None
            plain = ""
            yield said, link
        else:
            plain += said
    if plain:
        yield plain, None


def _plain(array: Iterable[NotionBlock]) -> str:
    return "".join(map(_text_of, array)).strip()


def _text_of(item: NotionBlock) -> str:
    text = item.get("text")
    content = text.get("content") if isinstance(text, dict) else None
    return str(item.get("plain_text") or content or "")


def _link_of(item: NotionBlock) -> str | None:
    text = item.get("text")
    link = text.get("link") if isinstance(text, dict) else None
    address = item.get("href") or (link.get("url") if isinstance(link, dict) else None)
    return _one_form(str(address)) if address else None


def _one_form(address: str) -> str:
    """Return an address in one form: Notion may write the same one in another way than it was sent."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return quote(address, safe="%/:?#@!$&'*+,;=-._~")
    bare = parts._replace(netloc=parts.netloc.lower(), path=parts.path.rstrip("/"))
    return quote(unquote(bare.geturl()), safe="%/:?#@!$&'*+,;=-._~")
