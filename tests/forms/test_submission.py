"""Hold the reader of submissions to its word: nothing lost, nothing invented, nothing exploded."""

from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.forms import errors
from amparo.forms.errors import (
    AttachmentNameRefused,
    SubmissionMalformed,
    SubmissionRefused,
    check_attachment_name,
)
from amparo.forms.submission import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    Answer,
    Outcome,
    named_attachments,
    parse_submission,
    submission_outcome,
)
from tests.forms.samples import a_submission

NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True).filter(lambda name: name != "meta")
# XML turns carriage returns into line feeds and cannot hold control characters or surrogates.
TEXTS = st.text(
    st.characters(min_codepoint=32, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), min_size=1
)
LEAVES = st.builds(Answer, NAMES, TEXTS)
TREES = st.recursive(
    LEAVES,
    lambda below: st.builds(Answer, NAMES, st.just(""), st.lists(below, min_size=1, max_size=4).map(tuple)),
)


def written(answer: Answer) -> str:
    inside = "".join(map(written, answer.children)) or escape(answer.text)
    return f"<{answer.name}>{inside}</{answer.name}>"


@settings(max_examples=200, deadline=None)
@given(st.lists(TREES, max_size=5))
def test_answers_come_back_exactly_as_they_were_sent(answers: list[Answer]) -> None:
    xml = a_submission("".join(map(written, answers)))

    read = parse_submission(xml)

    assert read.answers.children[:-1] == tuple(answers)
    assert read.answers.children[-1].name == "meta"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words_of_the_domain(content: bytes) -> None:
    with pytest.raises(SubmissionRefused):
        parse_submission(content)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_submission_is_read_or_refused_but_never_fails(data: st.DataObject) -> None:
    whole = a_submission("<a>1</a><b><c>x</c></b>")
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + 1 :]

    try:
        instance = parse_submission(damaged).instance_id
    except SubmissionRefused:
        instance = "refused"

    assert instance


def test_identity_of_a_submission_is_read_with_and_without_namespaces() -> None:
    plain = parse_submission(
        a_submission("", meta="<instanceID>uuid:7</instanceID><deprecatedID>uuid:6</deprecatedID>")
    )
    spaced = parse_submission(
        b'<data xmlns:orx="http://openrosa.org/xforms" id="intake" orx:version="9">'
        b"<orx:meta><orx:instanceID>uuid:7</orx:instanceID></orx:meta></data>"
    )

    assert (plain.form_id, plain.version, plain.instance_id, plain.deprecated_id) == (
        "intake",
        "2026112101",
        "uuid:7",
        "uuid:6",
    )
    assert (spaced.instance_id, spaced.version) == ("uuid:7", "9")


@pytest.mark.parametrize(
    "body", ["<meta/>", "<meta><instanceID/></meta>", "<meta><instanceID>a b</instanceID></meta>"]
)
def test_a_submission_without_a_usable_number_of_its_own_is_refused(body: str) -> None:
    with pytest.raises(errors.InstanceIdMissing):
        parse_submission(f'<data id="intake">{body}</data>'.encode())


def test_a_submission_that_names_no_form_is_malformed() -> None:
    with pytest.raises(SubmissionMalformed):
        parse_submission(b"<data><meta><instanceID>uuid:1</instanceID></meta></data>")


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE data [<!ENTITY a "x">]>',
        '<!DOCTYPE data [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE data SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_document_types_and_entities_are_refused(prologue: str) -> None:
    with pytest.raises(SubmissionMalformed):
        parse_submission(prologue.encode() + a_submission("<a/>"))


def test_depth_width_and_size_are_bounded() -> None:
    deep = "<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH
    wide = "<a/>" * MAX_ELEMENTS

    for content in (a_submission(deep), a_submission(wide), b" " * (MAX_BYTES + 1)):
        with pytest.raises(errors.SubmissionTooLarge) as refused:
            parse_submission(content)
        assert refused.value.status == 413


def test_forms_the_phone_encrypted_are_refused_by_name() -> None:
    with pytest.raises(errors.SubmissionEncrypted):
        parse_submission(
            b'<data id="intake" encrypted="yes"><meta><instanceID>uuid:1</instanceID></meta></data>'
        )


def test_entity_acts_are_read_at_the_form_and_inside_repeats() -> None:
    whole = '<entity dataset="children" id="e1" create="1" baseVersion="2" trunkVersion="1" branchId="b">'
    entity = f"{whole}<label>L</label></entity>"
    inner = '<sibling><meta><entity dataset="children" id="e2" update="true"/></meta></sibling>'

    read = parse_submission(
        a_submission(f"<g>{inner}</g>", meta=f"{entity}<instanceID>uuid:1</instanceID>")
    ).entities

    by_id = {one.id: one for one in read}
    assert (by_id["e1"].create, by_id["e1"].update, by_id["e1"].label, by_id["e1"].path) == (
        True,
        False,
        "L",
        (),
    )
    assert (by_id["e1"].base_version, by_id["e1"].trunk_version, by_id["e1"].branch_id) == ("2", "1", "b")
    assert (by_id["e2"].create, by_id["e2"].update, by_id["e2"].path) == (False, True, ("g", "sibling"))


def test_attachments_are_those_that_file_questions_name() -> None:
    read = parse_submission(
        a_submission("<g><photo>a.jpg</photo><note>b.jpg</note></g><r><x>c.m4a</x></r><r><x>d.m4a</x></r>")
    )

    assert named_attachments(read, {"/data/g/photo", "/data/r/x", "/data/g/none"}) == {
        "a.jpg",
        "c.m4a",
        "d.m4a",
    }


def test_same_number_and_bytes_is_a_repeat_and_other_bytes_a_conflict() -> None:
    def outcome(stored: str | None) -> Outcome:
        return submission_outcome(
            stored_sha256=stored, sha256="x", named=(), present=(), marked_incomplete=False
        ).outcome

    assert [outcome(None), outcome("x"), outcome("y")] == [Outcome.NEW, Outcome.REPEAT, Outcome.CONFLICT]


PARTS = st.lists(st.sets(st.sampled_from("abcd")), min_size=1, max_size=5)


@given(PARTS, st.permutations(range(5)))
def test_a_split_submission_is_complete_once_all_parts_came_in_any_order(
    parts: list[set[str]], order: list[int]
) -> None:
    named: set[str] = set().union(*parts)
    present: set[str] = set()
    last_seen, arrivals = False, []

    for at in [one for one in order if one < len(parts)]:
        present |= parts[at]
        marked = at < len(parts) - 1
        arrival = submission_outcome(
            stored_sha256="x",
            sha256="x",
            named=named,
            present=present,
            marked_incomplete=marked,
            last_part_seen=last_seen,
        )
        last_seen = last_seen or not marked
        arrivals.append(
            (arrival.complete, last_seen and present >= named, arrival.missing == named - present)
        )

    assert all(complete == due and named_rightly for complete, due, named_rightly in arrivals)
    assert arrivals[-1][0]


def test_a_conflict_is_never_complete() -> None:
    arrival = submission_outcome(stored_sha256="x", sha256="y", named=(), present=(), marked_incomplete=False)

    assert not arrival.complete


@pytest.mark.parametrize("name", ["", "../a", "a/b", "a\\b", "c:x", ".hidden", "a\x00b", "x" * 256])
def test_attachment_names_that_are_paths_are_refused(name: str) -> None:
    with pytest.raises(AttachmentNameRefused):
        check_attachment_name(name)


def test_every_refusal_has_its_own_key_an_error_status_and_no_answer_in_it() -> None:
    classes = SubmissionRefused.__subclasses__()

    assert len({one.key for one in classes}) == len(classes) >= 7
    assert all(400 <= one.status < 500 and str(one()) == one.english for one in classes)
