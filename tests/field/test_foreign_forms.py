"""Receive forms that others made, UNHCR's among them, through the same door; they are kept and open no case."""

from pathlib import Path

import pytest

from amparo.access.actor import SYSTEM, acting_as
from amparo.cases.models import Case
from amparo.forms.actions import publish
from amparo.forms.compile import Compiled, compile_instrument
from amparo.forms.models import Submission
from amparo.node.demo.phone import filled
from tests.field.test_openrosa import Phone, address_in

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent.parent / "forms" / "xlsforms"
FORMS = (
    "unhcr_rms_capi_v2.xlsx",
    "unhcr_sd_referential.xlsx",
    "unhcr_xfu_koboexamples.xlsx",
)


def _published(name: str) -> Compiled:
    compiled = compile_instrument((FOLDER / name).read_bytes(), name=name)
    publish(compiled, media={file.name: file.content or b"name,label\n" for file in compiled.media})
    return compiled


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_others_is_downloaded_filled_and_kept_without_a_case(name: str) -> None:
    phone, compiled = Phone(), _published(name)

    listed = phone.get(f"/openrosa/formList?formID={compiled.form_id}").content.decode()
    form = phone.get(address_in("downloadUrl", listed)).content
    _number, xml = filled(form, {}, label="")
    answer, again = phone.post(xml), phone.post(xml)

    with acting_as(SYSTEM):
        kept = list(Submission.objects.values_list("instrument__form_id", flat=True))
        cases = Case.objects.count()
    assert form == compiled.xform
    assert (answer.status_code, again.status_code) == (201, 201)
    assert (kept, cases) == ([compiled.form_id], 0)
