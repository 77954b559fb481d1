"""Make published instruments, enrolled telephones and filled forms."""

import base64
from functools import cache
from importlib.resources import files
from uuid import uuid4

from amparo.access.actor import acting_as
from amparo.access.rules import Role
from amparo.base.spool import SealedSpool
from amparo.forms.actions import DeviceSecret, enrol_device, publish
from amparo.forms.compile import Compiled, compile_instrument
from tests.factories import an_actor


@cache
def intake() -> Compiled:
    """The intake instrument as the product ships it."""
    source = files("amparo.forms") / "sources" / "intake.yaml"
    return compile_instrument(source.read_bytes(), name="intake.yaml")


def a_published_intake() -> int:
    """Offer the intake to devices; return its key."""
    return publish(intake())


def an_enrolled_device(agency: str = "mx-albergue") -> DeviceSecret:
    """Enrol a telephone of the shelter."""
    chief = an_actor(Role.SUPERVISOR)
    with acting_as(chief):
        return enrol_device(name="Teléfono de prueba", by=chief, agency=agency)


def basic(device: DeviceSecret) -> str:
    """Return the header with which a device signs in."""
    return "Basic " + base64.b64encode(f"{device.username}:{device.secret}".encode()).decode()


def a_stream(content: bytes) -> SealedSpool:
    """Return a file as the door hands it on."""
    stream = SealedSpool()
    stream.write(content)
    stream.seek(0)
    return stream


def a_filled_intake(
    *,
    instance: str = "",
    version: str = "",
    given: str = "Ana",
    photo: str = "",
    ended: str = "",
    role: str = "first-contact-officer",
    entity: str = "",
    audio: str = "",
) -> bytes:
    """Return a small filled intake: alone, hungry, and who wrote it down."""
    instance, ended = instance or f"uuid:{uuid4()}", ended or "2026-03-02T09:10:00.000-06:00"
    return f"""<?xml version="1.0"?>
<data id="intake" version="{version or intake().version}">
<start>2026-03-02T08:30:00.000-06:00</start><end>{ended}</end>
<safety><needs_now>food water</needs_now></safety>
<identity><given_names>{given}</given_names><sex>female</sex></identity>
<company><accompaniment>unaccompanied</accompaniment><adult_with_child>none</adult_with_child></company>
<agreement><photo>{photo}</photo></agreement>
<words><own_words_audio>{audio}</own_words_audio></words>
<care><done_talk>contact-recorded</done_talk></care>
<interview><interviewer_role>{role}</interviewer_role></interview>
<meta><instanceID>{instance}</instanceID>
<entity dataset="children" id="{entity or uuid4()}" create="1"><label>{given}</label></entity></meta>
</data>""".encode()
