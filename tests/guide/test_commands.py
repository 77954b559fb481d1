"""Ask the Guide on the command line: the JSON, the words, the exit codes, and what bad input gets."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from amparo.cli import main
from amparo.guide import load
from amparo.guide.document import DATA, region
from tests.guide.cases import ana, examples, facts, written

OVERLAY = "overlay: {country: MX, version: 0.0.1-test, status: for a test}\n"


def saved(folder: Path, case: object, name: str = "facts.json") -> str:
    return str(written(folder, json.dumps(case), name))


def test_explain_prints_the_json_scripts_rely_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(
        ["guide", "explain", "--facts", saved(tmp_path, ana()), "--country", "MX", "--format", "json"]
    )

    printed = json.loads(capsys.readouterr().out)
    assert code == 0
    assert list(printed) == ["guide", "on", "obligations", "blocked", "breaches"]
    assert printed["guide"] == {
        "id": "regional-minimum-guidelines",
        "version": "0.3.0-draft",
        "country": "MX",
    }
    assert printed["on"] == "2026-03-02"
    assert [each["id"] for each in printed["obligations"]] == list(load("MX").obligations)
    assert list(printed["obligations"][0]) == [
        "id", "state", "due", "missing", "blocks", "severity", "duty_bearer", "sources", "ask",
    ]  # fmt: skip
    assert printed["blocked"]["detain"] == ["no-detention"]


def test_explain_gives_deadlines_and_breaches_in_utc(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late = examples()["12-four-months-without-review"]["facts"]
    found_locked_up = examples()["03-ana-found-locked-up"]["facts"]

    main(["guide", "explain", "--facts", saved(tmp_path, late), "--format", "json"])
    due = {each["id"]: each["due"] for each in json.loads(capsys.readouterr().out)["obligations"]}
    main(["guide", "explain", "--facts", saved(tmp_path, found_locked_up), "--format", "json"])
    breaches = json.loads(capsys.readouterr().out)["breaches"]

    assert due["placement-review"] == "2026-06-03T01:00:00Z"
    assert breaches[0] == {"action": "detain", "obligation": "no-detention", "at": "2026-03-02T16:00:00Z"}


def test_explain_in_words_starts_with_what_the_child_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["guide", "explain", "--facts", saved(tmp_path, ana())])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[0].startswith("Guía regional 0.3.0-draft · MX · 2026-03-02")
    assert lines[3].startswith("  · Primero dé comida, agua")


def test_explain_in_words_names_breaches_and_what_does_not_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = examples()["05-written-down-as-adult"]["facts"]

    main(["guide", "explain", "--facts", saved(tmp_path, case), "--language", "en"])

    printed = capsys.readouterr().out
    assert "DONE ALTHOUGH IT WAS BLOCKED" in printed
    assert "entered by a role that may not attest it: Age settled" in printed
    assert "Taken as doubtful, its proof is missing: How the age stands" in printed
    assert "(no national rules loaded)" in printed


def test_explain_shows_a_foreign_language_openly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["guide", "explain", "--facts", saved(tmp_path, ana()), "--language", "xx"])

    assert "(es) Primero dé comida" in capsys.readouterr().out


@pytest.mark.parametrize(("action", "code"), [("detain", 1), ("interview", 1), ("reunify", 0)])
def test_may_answers_by_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], action: str, code: int
) -> None:
    case = ana() if code else examples()["15-reunified-with-mother-here"]["facts"]

    assert main(["guide", "may", action, "--facts", saved(tmp_path, case)]) == code
    assert capsys.readouterr().out.startswith("No se puede hacer" if code else "Se puede hacer")


def test_may_prints_verified_norms_apart_from_those_to_be_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["guide", "may", "detain", "--facts", saved(tmp_path, ana())])

    lines = {line.strip().split(":")[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "Convención sobre los Derechos del Niño, 1989, art. 37(b) [crc]" in lines["Norma"]
    assert "oc-21-14" not in lines["Norma"]
    assert "19 de agosto de 2014, párrs. 144-160 [oc-21-14]" in lines["Por confirmar"]
    assert "Convención Americana sobre Derechos Humanos, 1969, art. 7(3) [achr]" in lines["Relacionado"]


def test_explain_names_the_norms_in_the_language_of_the_reader_and_briefly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["guide", "explain", "--facts", saved(tmp_path, ana()), "--language", "fr"])

    printed = capsys.readouterr().out
    assert "Convention relative aux droits de l'enfant, 1989, art. 37(b)" in printed
    assert "[crc]" not in printed
    assert "para." not in printed


def test_json_keeps_the_keys_and_places_of_the_guide(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(
        ["guide", "may", "detain", "--facts", saved(tmp_path, ana()), "--format", "json", "--language", "fr"]
    )

    printed = json.loads(capsys.readouterr().out)
    cited = [norm for each in printed["refusals"] for norm in each["to_be_confirmed"]]
    assert ("oc-21-14", "paras. 144-160") in [(norm["id"], norm["ref"]) for norm in cited]


def test_may_says_when_only_the_product_stands_behind_a_safeguard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["guide", "may", "disclose-to-enforcement", "--facts", saved(tmp_path, ana())])

    assert "Norma: salvaguardia del programa" in capsys.readouterr().out


def test_may_gives_reasons_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["guide", "may", "return-child", "--facts", saved(tmp_path, ana()), "--format", "json"])

    printed = json.loads(capsys.readouterr().out)
    assert printed["may"] is False
    assert "appoint-guardian" in [each["obligation"] for each in printed["refusals"]]


def test_unknown_action_lists_the_known_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["guide", "may", "imprison", "--facts", saved(tmp_path, ana())])

    told = capsys.readouterr().err
    assert code == 2
    assert "'imprison'" in told
    assert "publish-statistics" in told


def test_facts_may_be_yaml(tmp_path: Path) -> None:
    path = written(tmp_path, "on: 2026-03-02\ncountry: NO\nat_border: no\n", "facts.yaml")

    assert main(["guide", "may", "refuse-entry", "--facts", str(path), "--format", "json"]) == 1


@pytest.mark.parametrize("text", ['{"on": "2026-03-02", "country": "MX"}', "on: 2026-03-02\ncountry: MX\n"])
def test_facts_may_come_in_by_the_pipe(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    assert main(["guide", "may", "detain", "--facts", "-"]) == 1


def test_country_is_filled_in_where_the_facts_have_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(tmp_path, {"on": "2026-03-02"})

    assert main(["guide", "explain", "--facts", path, "--country", "HN", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["guide"]["country"] == "HN"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (
            "f.json",
            b'{"on": "2026-03-02", "country": "MX"',
            "f.json:1:37: a comma or a closing bracket is expected here",
        ),
        ("f.json", b'{"on": "2026-03-02", "on": "2026-03-03"}', "f.json:1:22: duplicate key 'on'"),
        ("f.json", b"\xff\xfe{}", "not UTF-8"),
        ("f.json", b"", "f.json: is empty"),
        ("f.json", b"[]", "must be a mapping"),
        ("f.json", b"[" * 100_000, "nested too deeply"),
        ("f.json", b'{"on": NaN, "country": "MX"}', "f.json:1: facts.on: must be a day"),
        ("f.yaml", b"on: [", "f.yaml:2:1"),
        ("f.yaml", b"on: 2026-03-02\non: 2026-03-02\n", "f.yaml:2:1: duplicate key 'on'"),
        (
            "f.yaml",
            b"on: 2026-03-02\ncountry: MX\nage_status: 3\n",
            "f.yaml:3: facts.age_status: must be a text",
        ),
        ("f.yaml", b"- x", "must be a mapping"),
        (
            "f.yaml",
            b"facts: {on: 2026-03-02, country: MX}",
            "f.yaml:1: facts.facts: is not a fact of the schema",
        ),
        ("f.yaml", b"\x00", "f.yaml"),
        ("f.json", b'{"age_in_months": ' + b"9" * 5000 + b"}", "number that is too long"),
        ("f.yaml", b"age_in_months: " + b"9" * 5000, "f.yaml:1:16: number too long"),
    ],
)
def test_bad_facts_are_refused_with_place_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)

    code = main(["guide", "explain", "--facts", str(tmp_path / name), "--language", "en"])

    printed = capsys.readouterr()
    assert code == 2
    assert told in printed.err
    assert printed.out == ""


@pytest.mark.parametrize("name", ["nowhere.json", "nowhere.yaml", "."])
def test_facts_that_cannot_be_read_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["guide", "explain", "--facts", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize("country", ["mx", "MEX", "../MX", ""])
def test_country_that_is_no_code_is_refused(tmp_path: Path, country: str) -> None:
    assert main(["guide", "explain", "--facts", saved(tmp_path, facts()), "--country", country]) == 2


def test_terminal_without_accents_still_shows_the_rest(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "amparo", "guide", "explain", "--facts", saved(tmp_path, ana())]

    ended = subprocess.run(asked, capture_output=True, check=False, env={"PYTHONIOENCODING": "ascii"})

    assert ended.returncode == 0, ended.stderr
    assert b"Gu?a regional" in ended.stdout


def test_check_finds_no_fault_in_the_guide_and_its_overlays(capsys: pytest.CaptureFixture[str]) -> None:
    overlays = len(list((DATA / "overlays").glob("*.yaml")))

    assert main(["guide", "check", "--language", "en"]) == 0
    assert capsys.readouterr().out.count(" obligations, no fault found") == 1 + overlays


@pytest.mark.parametrize(
    ("body", "code", "told"),
    [
        (OVERLAY + "obligations: [{id: legal-aid, deadline: P2D}]", 0, ""),
        (
            OVERLAY + "obligations: [{id: legal-aid, severity: soft, blocks: []}]",
            1,
            "legal-aid.severity: may not go",
        ),
        (OVERLAY + "obligations: [{id: legal-aid, deadline: soon}]", 1, "legal-aid.deadline"),
        ("overlay: [", 1, "overlay.yaml:2:1"),
        ("", 1, "overlay.yaml: is empty"),
    ],
)
def test_check_judges_an_overlay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, code: int, told: str
) -> None:
    assert main(["guide", "check", str(written(tmp_path, body)), "--language", "en"]) == code
    assert told in capsys.readouterr().err


def test_check_names_the_words_that_only_a_person_can_judge(capsys: pytest.CaptureFixture[str]) -> None:
    overlay = str(DATA / "overlays" / "MX.yaml")

    assert main(["guide", "check", overlay]) == 0
    lines = capsys.readouterr().out.splitlines()

    assert (
        lines[1] == "Palabras que debe leer una persona, porque ninguna revisión automática puede juzgarlas:"
    )
    assert "  mx-dif-care-at-once.tasks: Lleve ya a la niña o al niño al DIF y pida un acuse" in lines
    assert (
        "  evidence.mx-dif-care-received.label: El Sistema DIF recibió a la niña o al niño bajo su cuidado"
        in lines
    )
    assert "  authorities.care-provider.name: Sistema DIF" in lines
    assert not any("appoint-guardian" in line for line in lines)


def test_check_of_an_overlay_without_words_of_its_own_names_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, OVERLAY + "obligations: [{id: legal-aid, deadline: P2D}]")

    assert main(["guide", "check", str(path), "--language", "en"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_check_names_only_the_tasks_a_country_adds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tasks = [*region().obligations["legal-aid"]["tasks"], {"en": "Send her away", "es": "Mándela lejos"}]
    path = written(tmp_path, OVERLAY + f"obligations: [{{id: legal-aid, tasks: {json.dumps(tasks)}}}]")

    assert main(["guide", "check", str(path), "--language", "en"]) == 0
    assert capsys.readouterr().out.splitlines()[2:] == ["  legal-aid.tasks: Send her away"]


def test_check_of_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    assert main(["guide", "check", str(tmp_path / "nowhere.yaml")]) == 2


def test_guide_commands_load_neither_django_nor_a_database(tmp_path: Path) -> None:
    program = (
        "import sys; from amparo.cli import main; "
        f"main(['guide', 'explain', '--facts', {saved(tmp_path, ana())!r}, '--format', 'json']); "
        "sys.exit(bool({'django', 'psycopg', 'jsonschema', 'cryptography'} & set(sys.modules)))"
    )

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert ended.returncode == 0, ended.stderr
