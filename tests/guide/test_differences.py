"""Tell two versions of the Guide apart in words a lawyer understands, and never call a weakening anything else."""

from copy import deepcopy
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.cli import main
from amparo.guide.difference_words import ChangeUntold, effect_in_words, heading_of, lines_of, told
from amparo.guide.differences import Change, differences
from amparo.guide.document import DATA, Document, Raw, region
from amparo.guide.editions import VERSIONS, digest_of, edition, editions
from amparo.guide.reading import read_file
from amparo.guide.strictness import condition_effect, deadline_effect

LANGUAGES = ("es", "en", "fr", "pt", "ht")
REGION = region()


def with_obligation(key: str, **fields: object) -> Document:
    return replace(REGION, obligations={**REGION.obligations, key: {**REGION.obligations[key], **fields}})


def with_evidence(key: str, **fields: object) -> Document:
    return replace(REGION, evidence={**REGION.evidence, key: {**REGION.evidence[key], **fields}})


def only(old: Document, new: Document) -> Change:
    (change,) = differences(old, new)
    return change


def said(new: Document, language: str = "en") -> tuple[str, str]:
    change = only(REGION, new)
    return told(change, language), change.effect


def test_the_same_guide_has_no_differences() -> None:
    assert differences(REGION, deepcopy(REGION)) == ()


@pytest.mark.parametrize(
    ("key", "fields", "words", "effect"),
    [
        (
            "meet-immediate-needs",
            {"blocks": ["interview", "detain"]},
            "Now also forbids: Lock the child up for a migration reason.",
            "stricter",
        ),
        (
            "meet-immediate-needs",
            {"blocks": []},
            "No longer forbids: Hold the substantive interview.",
            "weaker",
        ),
        ("meet-immediate-needs", {"deadline": "P3M"}, "The deadline was none, is now 3 months.", "stricter"),
        ("placement-review", {"deadline": None}, "The deadline was 3 months, is now none.", "weaker"),
        ("placement-review", {"deadline": "P120D"}, "The deadline was 3 months, is now 120 days.", "weaker"),
        (
            "placement-review",
            {"deadline": "PT48H"},
            "The deadline was 3 months, is now 48 hours.",
            "stricter",
        ),
        (
            "no-detention",
            {"severity": "soft"},
            "Force: was binding, it forbids acts, is now a reminder.",
            "weaker",
        ),
        (
            "no-detention",
            {"override": "emergency"},
            "Exception: was none at all, is now one person in an emergency.",
            "weaker",
        ),
        (
            "meet-immediate-needs",
            {"duty_bearer": ["first-contact-officer"]},
            "No longer the duty of: Child protection authority.",
            "undecided",
        ),
        (
            "missing-child",
            {"due": "true"},
            "When it has to be done. Before: Is the child missing? any answer except “No” (also when nobody knows). "
            "Now: Always, in every case.",
            "stricter",
        ),
        ("family-tracing", {"note": "new"}, "An explanation was changed, not the rule.", "neither"),
    ],
)
def test_a_change_is_told_in_words_with_what_it_does(key: str, fields: Raw, words: str, effect: str) -> None:
    assert said(with_obligation(key, **fields)) == (words, effect)


def test_a_change_of_who_may_attest_stands_under_the_obligation_that_asks() -> None:
    change = only(
        REGION,
        with_evidence("contact-recorded", attest=["child-protection-authority", "first-contact-officer"]),
    )

    assert told(change, "en") == (
        "Who may attest “Contact written down with time, place and officer”: no longer Migration authority."
    )
    assert told(change, "es").endswith("ya no Autoridad migratoria.")
    assert change.effect == "stricter"
    assert heading_of(change, "en") == REGION.obligations["identify-child-on-contact"]["title"]["en"]


def test_letting_a_further_role_attest_protects_less() -> None:
    entry = REGION.evidence["age-settled"]

    assert said(with_evidence("age-settled", attest=[*entry["attest"], "migration-authority"])) == (
        "Who may attest “Age settled by accepted proof or by the safeguarded assessment”: "
        "now also Migration authority.",
        "weaker",
    )


def test_a_source_is_told_with_its_mark() -> None:
    cited = {"id": "crc", "ref": "art. 3(1)", "verified": False, "basis": "memory"}
    sources = [*REGION.obligations["family-tracing"]["sources"], cited]
    text, effect = said(with_obligation("family-tracing", sources=sources), "es")

    assert text == "Fuente añadida (por confirmar): Convención sobre los Derechos del Niño, 1989, art. 3(1)."
    assert effect == "neither"


def test_a_gate_of_its_own_is_told_by_what_is_no_longer_asked() -> None:
    gate = {"interview": ["needs-checked"]}
    changes = differences(REGION, with_obligation("meet-immediate-needs", gate=gate))

    assert {change.effect for change in changes} == {"weaker"}
    assert all(
        "Before “Hold the substantive interview” it no longer asks for" in told(one, "en") for one in changes
    )


def test_an_obligation_that_is_gone_is_named_and_comes_first() -> None:
    rest = {key: raw for key, raw in REGION.obligations.items() if key != "no-detention"}
    rest["sibling-unity"] = {**rest["sibling-unity"], "deadline": "P1M"}
    changes = differences(REGION, replace(REGION, obligations=rest))

    assert [(one.effect, one.key) for one in changes] == [
        ("weaker", "no-detention"),
        ("stricter", "sibling-unity"),
    ]
    assert heading_of(changes[0], "en").startswith("No detention of a child")
    assert told(changes[0], "en") == "This obligation is gone."


def test_what_no_exception_may_lift_is_told() -> None:
    limits = REGION.vocabulary["override_limits"]
    lifted = {**limits, "never_lifted": [each for each in limits["never_lifted"] if each != "detain"]}
    new = replace(REGION, vocabulary={**REGION.vocabulary, "override_limits": lifted})

    assert said(new) == (
        "An exception can now allow this: Lock the child up for a migration reason.",
        "weaker",
    )


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        ("facts.missing == 'yes'", "facts.missing in ['yes', 'unknown']", "stricter"),
        ("facts.missing == 'yes'", "facts.missing != 'no'", "stricter"),
        ("facts.missing != 'no'", "facts.missing == 'yes'", "weaker"),
        ("facts.missing == 'yes'", "!(facts.missing != 'yes')", "neither"),
        ("facts.missing == 'yes' && facts.at_border == 'yes'", "facts.missing == 'yes'", "stricter"),
        ("facts.missing == 'yes'", "facts.missing == 'yes' || facts.at_border == 'yes'", "stricter"),
        ("facts.missing == 'yes' || facts.at_border == 'yes'", "facts.at_border == 'yes'", "weaker"),
        ("facts.age_in_months >= 192", "facts.age_in_months > 179", "stricter"),
        ("facts.age_in_months < 36", "facts.age_in_months <= 24", "weaker"),
        ("facts.missing == 'yes'", "facts.at_border == 'yes'", "undecided"),
        ("facts.missing == 'yes'", "facts.missing.startsWith('y')", "undecided"),
        ("true", "facts.missing == 'yes'", "weaker"),
        ("false", "facts.missing == 'yes'", "stricter"),
    ],
)
def test_what_a_changed_condition_does_where_structure_decides(old: str, new: str, effect: str) -> None:
    assert condition_effect(old, new) == effect


ANSWERS = ("yes", "no", "unknown")
ATOMS = [
    f"{sign}(facts.missing in {list(listed)})"
    for size in (1, 2, 3)
    for listed in combinations(ANSWERS, size)
    for sign in ("", "!")
]


def joined(parts: list[str], sign: str) -> str:
    return "(" + f" {sign} ".join(parts) + ")"


SIGNS = st.sampled_from(["&&", "||"])
GROUPS = st.builds(joined, st.lists(st.sampled_from(ATOMS), min_size=1, max_size=3), SIGNS)
CONDITIONS = st.builds(joined, st.lists(GROUPS, min_size=1, max_size=2), SIGNS)


def holds_for(condition: str, answer: str) -> bool:
    python = condition.replace("&&", " and ").replace("||", " or ").replace("!(", " not (")
    return bool(eval(python.replace("facts.missing", repr(answer))))  # written by this test


@given(CONDITIONS, CONDITIONS)
def test_stricter_is_never_said_of_a_condition_that_covers_less(old: str, new: str) -> None:
    effect = condition_effect(old, new)
    before, now = ({a for a in ANSWERS if holds_for(each, a)} for each in (old, new))

    assert effect != "stricter" or before <= now
    assert effect != "weaker" or now <= before
    assert effect != "neither" or before == now


@given(st.integers(1, 24), st.integers(1, 700))
def test_a_longer_deadline_is_never_called_stricter(months: int, days: int) -> None:
    effect = deadline_effect(f"P{months}M", f"P{days}D")

    assert effect != "stricter" or days <= months * 31
    assert effect != "weaker" or days >= months * 28


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_change_between_editions_has_words_in_every_language(language: str) -> None:
    for one in editions()[1:]:
        for change in differences(REGION, one.document):
            text = (
                f"{heading_of(change, language)} {told(change, language)} {effect_in_words(change, language)}"
            )
            assert text.strip()
            assert "{" not in text
            assert "facts." not in text


def test_everything_gone_and_everything_new_can_be_told() -> None:
    bare = replace(
        REGION, obligations={}, evidence={}, sources={}, vocabulary={**REGION.vocabulary, "fact_guards": []}
    )

    for old, new in ((bare, REGION), (REGION, bare)):
        lines = list(lines_of(differences(old, new), "es"))
        assert len(lines) > 2 * len(REGION.obligations)


def test_a_change_from_elsewhere_cannot_be_told() -> None:
    with pytest.raises(ChangeUntold):
        told(Change("obligation", "no-detention", "", "", "added", None, {}, "stricter"), "es")


# ---- editions ----------------------------------------------------------------------------------


def test_the_editions_are_the_region_the_countries_and_what_was_kept() -> None:
    names = [each.name for each in editions()]

    assert names[0] == "region"
    assert {"HN", "MX"} <= set(names)
    assert names[-1] == "0.2.0-draft"
    assert edition("0.2.0-draft") is editions()[-1]
    assert edition("9.9") is None
    assert [each.name for each in editions() if each.frozen] == ["0.2.0-draft"]


def test_a_kept_version_is_byte_by_byte_what_it_was() -> None:
    for raw in read_file(VERSIONS / "index.yaml")["versions"]:
        assert digest_of(VERSIONS / raw["version"]) == raw["sha256"]


def test_a_kept_version_that_was_touched_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "guide.yaml").write_text("guide: {}\n", encoding="utf-8")
    before = digest_of(tmp_path)

    (tmp_path / "guide.yaml").write_text("guide: { }\n", encoding="utf-8")

    assert digest_of(tmp_path) != before


# ---- the command -------------------------------------------------------------------------------


def copy_of(folder: Path, *changes: tuple[str, str, str]) -> str:
    for path in [*DATA.glob("*.yaml"), DATA / "facts.schema.json", *(DATA / "obligations").glob("*.yaml")]:
        target = folder / path.relative_to(DATA)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        for name, old, new in changes:
            text = text.replace(old, new, 1) if name == path.name else text
        target.write_text(text, encoding="utf-8")
    return str(folder)


def test_diff_says_in_words_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = copy_of(tmp_path, ("placement.yaml", "deadline: P3M", "deadline: P2M"))

    code = main(["guide", "diff", "region", new, "--language", "en"])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[:2] == [
        REGION.obligations["placement-review"]["title"]["en"],
        "  [protects more] The deadline was 3 months, is now 2 months.",
    ]


def test_diff_speaks_spanish_unless_asked_and_says_it_is_unreviewed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["guide", "diff", "region", str(DATA / "overlays" / "MX.yaml")]) == 0

    told_lines = capsys.readouterr().out
    assert "Autoridad de protección de la niñez: Procuraduría" in told_lines
    assert "Textos aún sin revisar por una persona especialista." in told_lines


def test_diff_of_the_same_guide_is_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guide", "diff", copy_of(tmp_path), "region", "--language", "en"]) == 0
    assert capsys.readouterr().out == "No difference.\n"


def test_diff_compares_with_a_version_that_was_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guide", "diff", "0.2.0-draft", "region", "--language", "es"]) == 0
    assert "[más protector] Cuándo se pide «Trato de víctima" in capsys.readouterr().out


def test_diff_of_what_is_not_there_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guide", "diff", "region", "nowhere.yaml"]) == 2
    assert "nowhere.yaml" in capsys.readouterr().err


def test_diff_refuses_a_file_that_is_no_guide(tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text("town: La Ceiba\n", encoding="utf-8")

    assert main(["guide", "diff", str(path), "region"]) == 2
