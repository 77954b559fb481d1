"""Read what devices need: which instruments are offered, their exact bytes, and whose device asks.

Instruments and devices hold no child data; a submission is read through the case it opened.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from amparo.access import audit
from amparo.access.events import Event
from amparo.access.rules import Actor
from amparo.forms import models
from amparo.forms.bindings import Bindings
from amparo.forms.errors import InstrumentUnknown

_LISTED = ("pk", "form_id", "version", "title", "md5")


@dataclass(frozen=True)
class OfferedInstrument:
    """One instrument as a list names it; `has_files` when it needs media."""

    pk: int
    form_id: str
    version: str
    title: dict[str, str]
    md5: str
    has_files: bool


@dataclass(frozen=True)
class OfferedFile:
    """One media file of an instrument."""

    filename: str
    md5: str


@dataclass(frozen=True)
class DeviceLine:
    """One telephone in a list; never its secret."""

    id: UUID
    name: str
    agency: str
    revoked_at: datetime | None


def devices() -> list[DeviceLine]:
    """Return the telephones of this node, those in use first; for whoever runs it."""
    rows = models.Device.objects.order_by("revoked_at", "enrolled_at")
    return [DeviceLine(*row) for row in rows.values_list("id", "name", "agency__code", "revoked_at")]


def device_of(username: str, secret: str) -> Actor | None:
    """Return who a device is, or None when it is unknown, revoked, or the secret is not its own."""
    device = models.Device.objects.select_related("agency").filter(username=username, revoked_at=None).first()
    expected = device.secret_sha256 if device else "0" * 64
    given = hashlib.sha256(secret.encode()).hexdigest()
    # Compared even for an unknown name, so that time tells nothing.
    return device.as_actor() if hmac.compare_digest(expected, given) and device else None


def offered_instruments(actor: Actor, *, form_id: str = "") -> Sequence[OfferedInstrument]:
    """Return the instruments that devices get, newest version of each."""
    audit.require(actor, "form.read")
    rows = models.Instrument.objects.filter(offered=True, **({"form_id": form_id} if form_id else {}))
    with_files = set(
        models.InstrumentFile.objects.filter(instrument__in=rows).values_list("instrument", flat=True)
    )
    return [
        OfferedInstrument(
            pk=row.pk,
            form_id=row.form_id,
            version=row.version,
            title=row.title,
            md5=row.md5,
            has_files=row.pk in with_files,
        )
        for row in rows.order_by("form_id", "pk").only(*_LISTED)
    ]


def xform_of(actor: Actor, pk: int) -> bytes:
    """Return the exact bytes of an instrument, and write down who has it; raises InstrumentUnknown."""
    audit.require(actor, "form.read")
    row = models.Instrument.objects.filter(pk=pk).values_list("xform", flat=True).first()
    if row is None:
        raise InstrumentUnknown
    audit.record(Event.FORM_READ, by=actor, subject=f"form:{pk}")
    return bytes(row)


def files_of(actor: Actor, pk: int) -> Sequence[OfferedFile]:
    """Return the media files of an instrument, without their content."""
    audit.require(actor, "form.read")
    rows = models.InstrumentFile.objects.filter(instrument=pk).order_by("filename")
    return [OfferedFile(*row) for row in rows.values_list("filename", "md5")]


def file_of(actor: Actor, pk: int, filename: str) -> bytes:
    """Return the content of one media file; raises InstrumentUnknown."""
    audit.require(actor, "form.read")
    rows = models.InstrumentFile.objects.filter(instrument=pk, filename=filename)
    content = rows.values_list("content", flat=True).first()
    if content is None:
        raise InstrumentUnknown
    return bytes(content)


def bindings_of(instrument: models.Instrument) -> Bindings:
    """Return where the answers of an instrument go."""
    kept = instrument.bindings
    return Bindings(
        entity_list=kept.get("entity_list", ""),
        save_to=kept.get("save_to", {}),
        files=frozenset(kept.get("files", ())),
        repeats=frozenset(kept.get("repeats", ())),
    )
