"""What Claude wrote, as blocks of the report. Pure."""

from collections.abc import Iterable, Sequence

from intent_assets import assembly_buyer as parts
from intent_assets.claims import Section, SectionSentence
from intent_assets.records import SectionName
from intent_assets.reports import Block, Callout, Heading, Items, Paragraph, Text

_OF_FEATURED: frozenset[SectionName] = frozenset(
    {"executive_summary", "featured_section", "profile_summary", "gameplan", "call_to_action"}
)


class Writing:
    """What Claude wrote, as texts that know whose they are."""

    def __init__(self, sections: Iterable[Section], featured_id: str) -> None:
        self._sections = {section.name: section.sentences for section in sections}
        self._featured_id = featured_id

    def texts(self, name: SectionName, sentences: Iterable[SectionSentence] | None = None) -> tuple[Text, ...]:
        """Return the sentences of a section, or those given, as texts."""
        chosen = self._sections.get(name, ()) if sentences is None else sentences
        return tuple(self._text(name, each.text, each) for each in chosen)

    def of_buyer(self, name: SectionName, buyer_id: str) -> tuple[Text, ...]:
        """Return the sentences of a section that are about one buyer."""
        return self.texts(name, [each for each in self._sections.get(name, ()) if each.buyer_id == buyer_id])

    def paragraph(self, name: SectionName, title: str) -> list[Block]:
        """Return the section as one paragraph under `title`."""
        texts = self.texts(name)
        return [parts.heading(title), Paragraph(sentences=texts)] if texts else []

    def callout(self, name: SectionName, title: str) -> list[Block]:
        """Return the section as a callout under `title`."""
        texts = self.texts(name)
        return [parts.heading(title), Callout(icon="📣", tone="good", lines=texts)] if texts else []

    def by_heading(self, name: SectionName) -> list[Block]:
        """Return a heading and a paragraph for each heading of the section, in order of appearance."""
        blocks: list[Block] = []
        for title, sentences in self._grouped(name):
            if title:
                blocks.append(Heading(level=2, text=self._text(name, title, sentences[0])))
            blocks.append(Paragraph(sentences=self.texts(name, sentences)))
        return blocks

    def notes(self, name: SectionName, titles: Sequence[str]) -> list[Block]:
        """Return a heading and a paragraph for those of `titles` under which the section has sentences."""
        groups = dict(self._grouped(name))
        return [
            block
            for title in titles
            if title in groups
            for block in (parts.heading(title), Paragraph(sentences=self.texts(name, groups[title])))
        ]

    def steps(self, name: SectionName, title: str, *, without: Sequence[str] = ()) -> list[Block]:
        """Return the section as numbered steps, one a heading, those `without` apart: heading, then sentences."""
        items = []
        for step, sentences in self._grouped(name):
            if step in without:
                continue
            wording = "\n".join(each.text for each in sentences)  # the gate tells sentences apart by lines too
            items.append(self._text(name, f"{step}: {wording}" if step else wording, sentences[0]))
        return [parts.heading(title), Items(ordered=True, items=tuple(items))] if items else []

    def _grouped(self, name: SectionName) -> list[tuple[str | None, list[SectionSentence]]]:
        groups: dict[str | None, list[SectionSentence]] = {}
        for sentence in self._sections.get(name, ()):
            groups.setdefault(sentence.heading, []).append(sentence)
        return list(groups.items())

    def _text(self, name: SectionName, template: str, of: SectionSentence) -> Text:
        owner = of.buyer_id or (self._featured_id if name in _OF_FEATURED else None)
        return Text(template=template, author=of.author, section=name, buyer_id=owner)
