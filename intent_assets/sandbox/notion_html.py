"""The sandbox's Notion pages as HTML, near to what Notion shows; no scripts, nothing from outside."""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import urlsplit

from intent_assets.sandbox.notion_store import PAGE, Node, NotionStore, plain
from intent_assets.sandbox.notion_validation import Json

BANNER = "Sandbox data: invented buyers and people"
_LISTS = {"bulleted_list_item": "ul", "numbered_list_item": "ol"}
_TAGS = {
    "heading_1": "h2", "heading_2": "h3", "heading_3": "h4", "bulleted_list_item": "li", "numbered_list_item": "li",
    "quote": "blockquote", "code": "pre", "divider": "hr",
}  # fmt: skip
_STYLES = {"bold": "strong", "italic": "em", "strikethrough": "s", "underline": "u", "code": "code"}


def page(store: NotionStore, node: Node) -> str:
    """Return one page as a document."""
    title = plain(node.value["title"]) or "Untitled"
    trail = ""
    above = store.any(node.parent) if node.parent else None
    if above is not None:
        trail = f'<a href="/">{_text(plain(above.value["title"]))}</a> / {_text(title)}'
    note = '<p class="trash">This page is in the trash.</p>' if node.in_trash else ""
    body = (
        f'<nav>{trail}</nav><main>{note}<div class="icon">{_icon(node.value.get("icon"))}</div>'
        f'<h1 class="title">{_text(title)}</h1>{_blocks(store, node.id)}</main>'
    )
    return _document(title, body)


def index(store: NotionStore) -> str:
    """Return the list of all pages below the parent page."""
    root = store.any(store.root)
    title = plain(root.value["title"]) if root is not None else "Pages"
    pages = [node for node in reversed(store.pages()) if not node.in_trash]
    rows = "".join(
        f'<li><a href="/page/{node.id}"><span>{_icon(node.value.get("icon"))}</span>'
        f"<b>{_text(plain(node.value['title']) or 'Untitled')}</b>"
        f"<time>{_text(node.edited[:16].replace('T', ' '))} UTC</time></a></li>"
        for node in pages
    )
    listed = f'<ul class="pages">{rows}</ul>' if pages else "<p>No report has been published yet.</p>"
    body = f'<nav></nav><main><div class="icon">🗂️</div><h1 class="title">{_text(title)}</h1>{listed}</main>'
    return _document(title, body)


def missing() -> str:
    """Return the answer for a page that there is not."""
    return _document("No such page", '<nav><a href="/">All pages</a></nav><main><h1>No such page</h1></main>')


def _document(title: str, body: str) -> str:
    template = files("intent_assets.sandbox").joinpath("notion_page.html").read_text(encoding="utf-8")
    return Template(template).substitute(title=_text(title), banner=BANNER, body=body)


def _blocks(store: NotionStore, node_id: str) -> str:
    return "".join(_grouped(store, store.children(node_id)))


def _grouped(store: NotionStore, nodes: Sequence[Node]) -> Iterator[str]:
    """Neighbouring items become one list."""
    open_list = ""
    for node in nodes:
        kind = _LISTS.get(node.kind, "")
        if open_list and kind != open_list:
            yield f"</{open_list}>"
        if kind and kind != open_list:
            yield f"<{kind}>"
        open_list = kind
        yield _block(store, node)
    if open_list:
        yield f"</{open_list}>"


def _block(store: NotionStore, node: Node) -> str:
    value = node.value
    if node.kind in ("table", PAGE):
        return _table(store, node) if node.kind == "table" else _child_page(node)
    text, below = _rich(value.get("rich_text", [])), _blocks(store, node.id)
    if "url" in value:
        text = _anchor(_text(value["url"]), value["url"])
    if node.kind == "toggle":
        return f'<details><summary>{text}</summary><div class="inside">{below}</div></details>'
    if node.kind == "callout":
        icon = f'<span class="mark">{_icon(value.get("icon"))}</span>'
        return f"<aside{_colour(value.get('color'), 'callout')}>{icon}<div>{text}{below}</div></aside>"
    if node.kind == "to_do":
        text = f"{'☑' if value.get('checked') else '☐'} {text}"
    return _tagged(_TAGS.get(node.kind, "p"), _colour(value.get("color")), text, below)


def _tagged(tag: str, attributes: str, text: str, below: str) -> str:
    if tag == "hr":
        return "<hr>"
    if tag in ("li", "blockquote"):
        return f"<{tag}{attributes}>{text}{below}</{tag}>"
    return f"<{tag}{attributes}>{text}</{tag}>{below}" if text or below else ""


def _child_page(node: Node) -> str:
    name = f"{_icon(node.value.get('icon'))} {_text(plain(node.value['title']))}"
    return f'<p class="child"><a href="/page/{node.id}">{name}</a></p>'


def _table(store: NotionStore, node: Node) -> str:
    rows = store.children(node.id)
    head = ""
    if node.value.get("has_column_header") and rows:
        cells = "".join(f"<th>{_rich(cell)}</th>" for cell in rows[0].value["cells"])
        head = f"<thead><tr>{cells}</tr></thead>"
        rows = rows[1:]
    body = "".join("<tr>" + "".join(f"<td>{_rich(cell)}</td>" for cell in row.value["cells"]) + "</tr>" for row in rows)
    return f'<div class="wide"><table>{head}<tbody>{body}</tbody></table></div>'


def _rich(items: Sequence[Json]) -> str:
    out = ""
    for item in items:
        text = _text(item["plain_text"]).replace("\n", "<br>")
        styles = item["annotations"]
        for style, tag in _STYLES.items():
            text = f"<{tag}>{text}</{tag}>" if styles[style] else text
        if item["href"]:
            text = _anchor(text, item["href"])
        if styles["color"] != "default":
            text = f"<span{_colour(styles['color'])}>{text}</span>"
        out += text
    return out


def _anchor(text: str, target: str) -> str:
    if urlsplit(target).scheme not in ("http", "https", "mailto", "tel"):
        return text
    return f'<a href="{escape(target)}" rel="noopener noreferrer">{text}</a>'


def _icon(icon: Json | None) -> str:
    return _text((icon or {}).get("emoji", "📄"))


def _colour(name: str | None, *more: str) -> str:
    classes = [*more, *([f"c-{name}"] if name and name != "default" else [])]
    return f' class="{escape(" ".join(classes))}"' if classes else ""


def _text(text: str) -> str:
    return escape(text)
