"""Lay another Guide over this node for one test: a real overlay, read, checked and compiled as in a node's home."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amparo.cases import evaluation
from amparo.node.home import Home

# A first version of this node's own overlay: it names itself and changes nothing.
PLAIN = "overlay: {country: MX, version: 1.0.0, status: draft}\n"
# A second version of Mexico's overlay, stricter: what it adds is read from the region's own data.
STRICTER = """
overlay: {country: MX, version: 9.9.9, status: draft}
obligations:
  - id: mx-night-light
    title: {en: "A light at night", es: "Una luz de noche"}
    tasks:
      - {en: "Give the child a light for the night", es: "Dar a la niña o al niño una luz para la noche"}
    stage: immediate-measures
    duty_bearer: [child-protection-authority]
    applies_when: every child
    applies: "facts.age_status != 'adult-established'"
    facts: [age_status]
    requires: [mx-night-light-given]
    deadline: null
    clock: first-contact
    severity: hard
    blocks: [place, publish-statistics]
    override: emergency
    sources: [{id: crc, ref: "art. 3(1)", verified: true, basis: text}]
    indicator:
      name: Children with a light
      unit: case
      numerator: {text: "with a light", cel: "result.state == 'met'"}
      denominator: {text: "all", cel: "true"}
evidence:
  mx-night-light-given:
    label: {en: "Light given", es: "Luz entregada"}
    attest: [child-protection-authority]
    proof: record
"""


@contextmanager
def another_guide(home: Home, text: str = STRICTER) -> Iterator[Path]:
    """Let the node judge by its own overlay file; the former Guide comes back afterwards."""
    path = home.path / evaluation.OWN_OVERLAY
    former = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text(text, encoding="utf-8")
    evaluation._guide_of.cache_clear()
    try:
        yield path
    finally:
        path.unlink()
        if former is not None:
            path.write_text(former, encoding="utf-8")
        evaluation._guide_of.cache_clear()
