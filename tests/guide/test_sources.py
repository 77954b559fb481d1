"""Let nothing stand as verified that was not read under its number."""

import re
from itertools import chain

from amparo.guide.document import region
from tests.guide.cases import the_guide


def numbers(ref: str) -> set[str]:
    """Return the numbers a reference names, ranges filled in."""
    found = set(re.findall(r"\d+", ref))
    ranges = ((int(a), int(b)) for a, b in re.findall(r"(\d+)-(\d+)", ref))
    return found | {str(number) for number in chain.from_iterable(range(a, b + 1) for a, b in ranges)}


def test_verified_citation_has_a_row_read_under_its_number() -> None:
    sources = the_guide().sources
    for obligation in the_guide().obligations.values():
        for cited in obligation.sources:
            if cited.verified:
                rows = [row for row in sources[cited.id].norms if re.search(r"\bV\b|V-", row["mark"])]
                # A row without number stands for the whole source, as a form set or a single article of law.
                fits = [
                    row
                    for row in rows
                    if not numbers(row["ref"]) or numbers(cited.ref) <= numbers(row["ref"])
                ]
                assert fits, f"{obligation.id}: {cited.id} {cited.ref}"


def test_basis_agrees_with_the_mark() -> None:
    for obligation in the_guide().obligations.values():
        for cited in obligation.sources:
            assert cited.verified is (cited.basis in ("text", "position", "quoted"))


def test_sources_page_names_every_source() -> None:
    from pathlib import Path

    import amparo

    page = Path(amparo.__file__).parents[1] / "docs" / "reference" / "guide-sources.md"
    text = page.read_text(encoding="utf-8")

    assert [key for key in region().sources if f"`{key}`" not in text] == []


def test_obligations_without_verified_direct_source_are_the_known_ones() -> None:
    bare = {o.id for o in the_guide().obligations.values() if not any(cited.grounds for cited in o.sources)}

    assert bare == {
        "treat-as-child-while-in-doubt", "confidentiality", "data-firewall", "disability-accommodation",
        "lgbti-safety",
        "sibling-unity", "transfer-data-minimum", "closure-criteria", "safe-disaggregated-statistics",
    }  # fmt: skip
