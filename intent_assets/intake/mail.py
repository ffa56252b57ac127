"""What a person wrote in a reply: without markup, quoted mail and signature; and a snippet of it."""

import re
from html.parser import HTMLParser

SNIPPET = 240
_BLOCKS = frozenset({
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figure", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
})  # fmt: skip
_UNSEEN = frozenset({"head", "script", "style", "template", "title"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_QUOTE_MARKS = re.compile(
    r"gmail_quote|gmail_signature|yahoo_quoted|moz-cite-prefix|moz-signature|protonmail_quote|zmail_extra"
    r"|divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION|ms-outlook-mobile-signature",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"<(?:html|body|div|p|br|span|table|blockquote|a|b|i|font|ul|ol|strong|em|h[1-6])(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)

_HEADER_NAME = r"(?:From|Von|De|Da|Van|Från|Fra|Sent|Gesendet|Envoyé|Enviado|Inviato|Verzonden|Skickat|Date|Datum)"
_ON_WROTE = re.compile(
    r"^[ \t]*(?:On|Am|Le|El|Il|Em|Op|Den|W dniu)\b[^\n]{0,250}(?:\n[^\n]{0,250}){0,2}?"
    r"\b(?:wrote|schrieb|écrit|escribió|scritto|escreveu|schreef|skrev|napisał)\b[^\n]{0,120}:[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ORIGINAL = re.compile(
    r"^[ \t>*]*(?:-{2,}|_{5,})[ \t]*(?:Original (?:Message|Appointment)|Forwarded message|Ursprüngliche Nachricht"
    r"|Weitergeleitete Nachricht|Message d'origine|Mensaje original|Messaggio originale|Mensagem original"
    r"|Oorspronkelijk bericht)[ \t]*-*[ \t]*$|^[ \t]*_{20,}[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_HEADERS = re.compile(
    rf"^[ \t*]*{_HEADER_NAME}[ \t*]*:[^\n]*\n(?:[^\n]*\n)?[ \t*]*{_HEADER_NAME}[ \t*]*:[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_LINES = re.compile(r"^[ \t]*>", re.MULTILINE)
_SIGNATURE = re.compile(
    r"^--[ \t]?$|^[ \t]*(?:Sent|Get Outlook|Gesendet|Von meinem|Envoyé|Enviado|Inviato|Verstuurd)\b[^\n]{0,15}"
    r"\b(?:from|for|von|mit|depuis|de|desde|da|dal|vanaf|gesendet)\b[^\n]{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
_CLOSING = re.compile(
    r"^[ \t]*(?:(?:kind|best|warm|many)[ \t]+(?:regards|wishes|thanks)|regards|best|cheers|sincerely|yours"
    r"|yours[ \t]+\w+|mit freundlichen grüßen|viele grüße|beste grüße|cordialement|saludos)[ \t]*[,.!]?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[^\sa-z])")


class _Plain(HTMLParser):
    """Collects the text that a reader sees, one line per block, and stops at the mail that is quoted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._left_out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            if tag in _BLOCKS and not self._left_out:
                self.parts.append("\n")
            return
        named = " ".join(value or "" for name, value in attrs if name in {"class", "id"})
        quotes = tag == "blockquote" or tag in _UNSEEN or bool(_QUOTE_MARKS.search(named))
        if self._left_out or quotes:
            self._left_out.append(tag)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._left_out:
            if tag in self._left_out:
                while self._left_out.pop() != tag:
                    pass
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            self.parts.append(re.sub(r"[\s\u200b]+", " ", data))


def plain_text(html: str) -> str:
    """Return what a reader sees of an HTML mail, without quoted blocks; one line per block."""
    tags, end, rest = _without_comments(html).rpartition(">")
    parser = _Plain()
    parser.feed(re.sub(r"</(?![a-zA-Z])", "", tags + end))
    parser.handle_data(rest.partition("<")[0])
    parser.close()
    lines = "".join(parser.parts).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def own_words(body: str) -> str:
    """Return what the sender of `body` (plain text or HTML) wrote: no quoted mail, no signature; may be empty.

    A quoted line before or between the sender's own lines (an answer written below or inside) is taken out by itself.
    """
    text = plain_text(body) if _MARKUP.search(body) else body.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u00a0", " ").replace("\u200b", "")
    text = _unquoted(text)
    cut = min((match.start() for rule in (_ORIGINAL, _HEADERS) if (match := rule.search(text))), default=len(text))
    text = text[:cut]
    signature = _SIGNATURE.search(text)
    if signature:
        text = text[: signature.start()]
    text = _without_closing(text)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def snippet(text: str | None) -> str:
    """Return the first sentence or two of `text` on one line, at most 240 characters; empty without a text."""
    line = " ".join((text or "").split())
    sentences = _SENTENCE_END.split(line, maxsplit=2)
    taken = sentences[0]
    if len(sentences) > 1 and len(taken) + 1 + len(sentences[1]) <= SNIPPET:
        taken = line[: line.index(sentences[1], len(taken)) + len(sentences[1])]
    if len(taken) <= SNIPPET:
        return taken
    shortened = taken[: SNIPPET - 1]
    return (shortened[: shortened.rindex(" ")] if " " in shortened[SNIPPET // 2 :] else shortened).rstrip(" ,;:") + "…"


def _without_comments(html: str) -> str:
    """Take out comments, in time that grows with the length alone (the parser's grows with its square)."""
    parts: list[str] = []
    position = 0
    while (start := html.find("<!--", position)) >= 0:
        parts.append(html[position:start])
        end = html.find("-->", start + 4)
        if end < 0:
            return "".join(parts)
        position = end + 3
    return "".join(parts) + html[position:]


def _unquoted(text: str) -> str:
    """Take out quoted lines and the lines that announce them; what follows an announcement without ">" goes, too."""
    wrote = _ON_WROTE.search(text)
    if wrote:
        rest = text[wrote.end() :]
        below = "\n".join(line for line in rest.split("\n") if not line.lstrip().startswith(">"))
        text = text[: wrote.start()] + (below if _QUOTED_LINES.search(rest) else "")
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">"))


def _without_closing(text: str) -> str:
    """Cut a closing ("Best regards,") and the name and address lines under it, where at most eight lines follow."""
    closings = [match for match in _CLOSING.finditer(text) if text[: match.start()].strip()]
    if closings and len(text[closings[-1].end() :].strip().split("\n")) <= 8:
        return text[: closings[-1].start()]
    return text
