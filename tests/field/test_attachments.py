"""Send files through the field door as telephones do, well and badly, and look at what is kept."""

from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from amparo.access import vault
from amparo.access.actor import SYSTEM, acting_as
from amparo.base.pieces import open_pieces
from amparo.base.spool import SealedSpool
from amparo.cases.models import Case
from amparo.field.messages import words_of
from amparo.forms import attaching
from amparo.forms.models import Attachment, AttachmentPiece, Submission
from tests.factories import files
from tests.factories.forms import a_filled_intake
from tests.factories.sealed import a_ceremony, an_officer
from tests.field.test_openrosa import Phone

pytestmark = pytest.mark.django_db


def _kept() -> list[Attachment]:
    with acting_as(SYSTEM):
        return list(Attachment.objects.select_related("submission").order_by("received_at", "id"))


def _opened_by_the_node(one: Attachment) -> bytes:
    with acting_as(SYSTEM):
        key = vault.data_key(one.submission_id, one.submission.wrapped_key)
        file_key = vault.open_bytes(key, one.sealed_key, place=one.place)
        contents = one.pieces.order_by("number").values_list("content", flat=True)
        return open_pieces(file_key, (bytes(piece) for piece in contents), place=one.place).read()


def test_a_photograph_is_kept_cleaned_and_bound_to_her_case() -> None:
    phone = Phone()

    answer = phone.post(a_filled_intake(photo="ana.jpg"), {"ana.jpg": files.a_picture()})

    [one] = _kept()
    with acting_as(SYSTEM):
        case_id = Case.objects.get().pk
    content = _opened_by_the_node(one)
    assert answer.status_code == 201
    assert (one.case_id, one.question, one.kind, one.state) == (case_id, "photo", "jpeg", "cleaned")
    assert (one.closest, one.sealed_to, one.size) == (False, "", len(content))
    assert content.startswith(b"\xff\xd8\xff")
    assert files.TAG not in content


def test_files_that_come_in_several_requests_again_and_again_are_kept_once() -> None:
    phone, xml = Phone(), a_filled_intake(photo="a.jpg", audio="b.m4a")
    picture, voice = files.a_picture(), files.an_m4a()

    answers = [
        phone.post(xml, incomplete=True),
        phone.post(xml, {"b.m4a": voice}, incomplete=True),
        phone.post(xml, {"b.m4a": voice}, incomplete=True),
        phone.post(xml, {"a.jpg": picture}),
        phone.post(xml, {"a.jpg": files.a_picture("PNG")}),
    ]

    kept = _kept()
    assert [answer.status_code for answer in answers] == [202, 202, 202, 201, 201]
    assert [one.question for one in kept] == ["own_words_audio", "photo"]
    assert kept[1].kind == "jpeg", "a second file under the same name does not replace the first"
    assert len({one.case_id for one in kept}) == 1


def test_a_file_that_the_form_does_not_name_is_refused_in_words_and_leaves_nothing() -> None:
    phone = Phone()

    answer = phone.post(a_filled_intake(photo="ana.jpg"), {"other.jpg": files.a_picture()})

    assert answer.status_code == 400
    assert b"OpenRosaResponse" in answer.content
    assert b"other.jpg" not in answer.content
    assert _kept() == []


def test_what_is_no_photograph_is_kept_sealed_and_shut_so_that_nothing_is_lost() -> None:
    phone = Phone()

    answer = phone.post(a_filled_intake(photo="ana.jpg"), {"ana.jpg": files.DRAWING})

    [one] = _kept()
    assert answer.status_code == 201
    assert (one.kind, one.state) == ("unknown", "shut")
    assert _opened_by_the_node(one) == files.DRAWING


def test_her_voice_is_sealed_to_the_agency_and_the_node_cannot_open_it() -> None:
    officer = an_officer()
    a_ceremony(officer)
    phone = Phone()

    phone.post(a_filled_intake(audio="v.m4a"), {"v.m4a": files.an_m4a()})

    [one] = _kept()
    assert one.closest
    assert one.sealed_to
    with pytest.raises(Exception, match=r"version|open"):
        _opened_by_the_node(one)


def test_more_files_than_any_form_asks_for_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    phone, xml = Phone(), a_filled_intake(photo="a.jpg", audio="b.m4a")
    monkeypatch.setattr(attaching, "MOST_FILES", 1)

    first = phone.post(xml, {"a.jpg": files.a_picture()}, incomplete=True)
    second = phone.post(xml, {"b.m4a": files.an_m4a()})

    assert (first.status_code, second.status_code) == (202, 413)
    assert len(_kept()) == 1


def test_more_parts_than_a_request_may_have_are_too_many(settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    phone = Phone()

    answer = phone.post(a_filled_intake(photo="a.jpg"), {"a.jpg": b"x", "b.jpg": b"x", "c.jpg": b"x"})

    assert answer.status_code == 413
    assert b"OpenRosaResponse" in answer.content


def test_a_large_file_is_kept_in_pieces_and_never_whole_in_memory_or_in_clear_on_the_disk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone, voice, largest = Phone(), b"v" * (3 * 1024 * 1024 + 17), 0

    def watched(self: SealedSpool, size: int | None = -1) -> bytes:
        nonlocal largest
        found = usual(self, size)
        largest = max(largest, len(found))
        return found

    usual = SealedSpool.read
    monkeypatch.setattr(SealedSpool, "read", watched)
    monkeypatch.setattr(
        TemporaryFileUploadHandler, "new_file", lambda *_a, **_k: pytest.fail("a file in clear on the disk")
    )

    answer = phone.post(a_filled_intake(audio="v.m4a"), {"v.m4a": files.an_m4a(voice)})

    [one] = _kept()
    with acting_as(SYSTEM):
        count = AttachmentPiece.objects.filter(attachment=one).count()
    assert answer.status_code == 201
    assert count == 4
    assert largest <= 2_000_001, "no more than a form or a piece at once"
    assert voice in _opened_by_the_node(one)


def test_a_form_that_opens_no_case_keeps_its_file_bound_to_no_child() -> None:
    phone = Phone()
    xml = a_filled_intake(photo="a.jpg").replace(b'create="1"', b'create="0"')

    answer = phone.post(xml, {"a.jpg": files.a_picture()})

    [one] = _kept()
    assert answer.status_code == 201
    assert one.case_id is None


def test_a_second_form_with_other_answers_keeps_its_own_file() -> None:
    phone, instance = Phone(), f"uuid:{uuid4()}"
    phone.post(a_filled_intake(instance=instance, photo="a.jpg"), {"a.jpg": files.a_picture()})

    other = phone.post(
        a_filled_intake(instance=instance, given="Otra", photo="a.jpg"), {"a.jpg": files.a_picture("PNG")}
    )

    assert other.status_code == 409
    assert [(one.kind, one.case_id is None) for one in _kept()] == [("jpeg", False), ("png", True)]


def test_the_name_that_a_telephone_gave_stands_in_no_row() -> None:
    phone = Phone()

    phone.post(a_filled_intake(photo="Xochiquetzal.jpg"), {"Xochiquetzal.jpg": files.a_picture()})

    with acting_as(SYSTEM):
        rows = [*Attachment.objects.values(), *AttachmentPiece.objects.values(), *Submission.objects.values()]
    text = "".join(str(value) for row in rows for value in row.values())
    assert "Xochiquetzal" not in text
    assert b"Xochiquetzal" not in b"".join(bytes(one.mark) for one in _kept())


def test_the_door_says_every_refusal_in_words() -> None:
    for key in ("attachment-unknown", "too-many-files"):
        assert words_of(key)
