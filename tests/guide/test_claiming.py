"""Let no country call verified what nobody read under that number."""

import json
from pathlib import Path

import pytest

from amparo.guide import load, load_overlay
from amparo.guide.document import region
from tests.guide.cases import written
from tests.guide.test_overlay import HEAD, refused


def citing(cited: str) -> str:
    """Return an amendment with every source of the region for it, and one citation more."""
    mine = region().obligations["identify-child-on-contact"]["sources"]
    return f"obligations: [{{id: identify-child-on-contact, sources: {json.dumps(mine)[:-1]}, {cited}]}}]"


OWN = """
sources:
  mx-law:
    title: A law
    weight: national
    norms: [{norm: x, ref: art. 1, mark: V (gazette)}, {norm: y, ref: art. 2, mark: C}, {norm: z, ref: "", mark: V}]
"""


@pytest.mark.parametrize(
    "cited",
    [
        "{id: gc6, ref: paras. 31-32, verified: true, basis: text}",
        "{id: crc, ref: art. 99, verified: true, basis: text}",
        "{id: mx-lm-112, ref: art. 11, verified: true, basis: text}",
        "{id: mx-lgdnna, ref: arts. 89-101, verified: true, basis: text}",
        "{id: mx-law, ref: art. 2, verified: true, basis: text}",
        "{id: mx-law, ref: art. 9, verified: true, basis: text}",
    ],
)
def test_citation_nobody_read_may_not_be_called_verified(tmp_path: Path, cited: str) -> None:
    found = refused(tmp_path, OWN + citing(cited))

    assert "identify-child-on-contact.sources[" in found
    assert "is on no record as read: write verified: false" in found


@pytest.mark.parametrize(
    "cited",
    [
        "{id: gc6, ref: paras. 31-33, verified: false, basis: heading}",
        "{id: crc, ref: art. 99, verified: false, basis: memory}",
        "{id: mx-lm-112, ref: art. 112, verified: true, basis: text}",
        "{id: mx-reform-2020, ref: reform of 2020, verified: true, basis: quoted}",
        "{id: mx-law, ref: art. 1, verified: true, basis: text}",
        "{id: mx-law, ref: A law, verified: true, basis: text}",
    ],
)
def test_citation_that_was_read_or_says_it_was_not_is_taken(tmp_path: Path, cited: str) -> None:
    guide = load_overlay(written(tmp_path, HEAD + OWN + citing(cited)))

    assert len(guide.obligations["identify-child-on-contact"].sources) == 1 + len(
        load().obligations["identify-child-on-contact"].sources
    )


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("authorities: {court: {name: {en: Court}, sources: [CITED]}}", "authorities.court.sources[0]: "),
        ("on_call: {name: {en: x}, note: {en: y}, sources: [CITED]}", "on_call.sources[0]: "),
    ],
)
def test_authority_may_not_rest_on_what_nobody_read(tmp_path: Path, body: str, place: str) -> None:
    cited = "{id: crc, ref: art. 99, verified: true, basis: text}"

    assert place in refused(tmp_path, body.replace("CITED", cited))


def test_citation_of_the_region_may_not_be_said_to_fit_better(tmp_path: Path) -> None:
    mine = region().obligations["legal-aid"]["sources"]
    supporting = next(each for each in mine if each.get("fit") == "supporting")
    more = [*mine, {**supporting, "fit": "direct"}]

    found = refused(tmp_path, f"obligations: [{{id: legal-aid, sources: {json.dumps(more)}}}]")

    assert "is cited here by the region already" in found
