"""Write reference pages about the Guide from its data, so that they never tell another story.

Only text: `make docs` decides where it goes.
"""

from collections.abc import Iterable, Iterator

from amparo.guide.model import Guide
from amparo.guide.texts import text_of

_LISTS = (("Stages", "stage"), ("Roles", "role"), ("States", "state"), ("Actions", "action"))


def vocabulary_page(guide: Guide) -> str:
    """Return the page of every word of the closed vocabulary and every fact, in English and Spanish (Markdown)."""
    words = guide.vocabulary
    listed = {"stage": words.stages, "role": words.roles, "state": words.states, "action": words.actions}
    lines = [
        "# Words of the Guide",
        "",
        f"Written from the data of {guide.id} {guide.version}; do not edit.",
        "",
    ]
    for heading, kind in _LISTS:
        lines += [f"## {heading}", "", *_table(guide, kind, listed[kind]), ""]
    lines += ["## Facts", "", *_table(guide, "fact", guide.facts), ""]
    for name, kind_of_fact in guide.facts.items():
        if kind_of_fact.choices:
            answers = [f"{name}/{choice}" for choice in kind_of_fact.choices]
            lines += [f"### `{name}`", "", *_table(guide, "value", answers), ""]
    return "\n".join(lines)


def _table(guide: Guide, kind: str, keys: Iterable[str]) -> Iterator[str]:
    yield from ("| key | English | Español |", "| --- | --- | --- |")
    for key in keys:
        english, spanish = (text_of(guide, kind, key, language).text for language in ("en", "es"))
        yield f"| `{key.rpartition('/')[2]}` | {english} | {spanish} |"
