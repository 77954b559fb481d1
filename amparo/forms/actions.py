"""Publish instruments, enrol and revoke devices, and keep every submission exactly as it came.

A submission is idempotent by its instance id: sent again it is the same one, with other answers both are kept.
Norm: OpenRosa form submission. Decisions: 0004, 0026.
"""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from uuid import UUID

from django.db import transaction

from amparo.access import audit, vault
from amparo.access.actions import agency_of_code
from amparo.access.events import Event
from amparo.access.rules import Actor, Sector
from amparo.access.sealed import seal_bytes_for
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.forms import models
from amparo.forms.attaching import expected_files, leading, names_kept
from amparo.forms.bindings import Bindings
from amparo.forms.compile import Compiled, compile_instrument
from amparo.forms.errors import InstrumentUnknown
from amparo.forms.queries import bindings_of
from amparo.forms.submission import (
    Arrival,
    Outcome,
    ParsedSubmission,
    parse_submission,
    submission_outcome,
)

OWN_INSTRUMENTS = ("intake.yaml",)


class VersionTaken(Exception):
    """An instrument of this name and version is published with other bytes; give it a new version."""


class NobodyLeads(Exception):
    """Children taken in by this agency would have no protection agency; the message says what to write."""


class DeviceUnknown(Exception):
    """This node never enrolled a telephone of this number."""


class MediaMissing(Exception):
    """An instrument needs a file that nobody supplied; the message names it."""


@dataclass(frozen=True)
class Received:
    """A submission as it was kept: its parts, where its answers go, and how it arrived."""

    id: UUID
    arrival: Arrival
    parsed: ParsedSubmission
    bindings: Bindings


@dataclass(frozen=True)
class DeviceSecret:
    """What a device signs in with; shown once, only its hash is kept."""

    device: UUID
    username: str
    secret: str


def publish_own_instruments() -> None:
    """Publish the instruments that come with the product; those already there stay as they are."""
    folder = files("amparo.forms") / "sources"
    for name in OWN_INSTRUMENTS:
        publish(compile_instrument((folder / name).read_bytes(), name=name))


@transaction.atomic
def publish(compiled: Compiled, *, media: Mapping[str, bytes] | None = None) -> int:
    """Offer an instrument to devices, in place of its earlier versions; return its key.

    Raises:
        VersionTaken: same name and version, other bytes.
        MediaMissing: a file it needs was neither made by us nor supplied in `media`.
    """
    known = models.Instrument.objects.filter(form_id=compiled.form_id, version=compiled.version).first()
    if known is not None:
        if known.sha256 != compiled.sha256:
            raise VersionTaken(f"{compiled.form_id} {compiled.version} is published with other content.")
        return known.pk
    models.Instrument.objects.filter(form_id=compiled.form_id).update(offered=False)
    row = models.Instrument.objects.create(
        form_id=compiled.form_id,
        version=compiled.version,
        title=dict(compiled.titles),
        xform=compiled.xform,
        md5=compiled.md5,
        sha256=compiled.sha256,
        bindings=_kept_bindings(compiled.bindings),
        published_at=now(),
    )
    models.InstrumentFile.objects.bulk_create(_files(row, compiled, media or {}))
    return row.pk


@transaction.atomic
def enrol_device(*, name: str, by: Actor, agency: str = "") -> DeviceSecret:
    """Give a telephone its own secret of 160 random bits; it can be revoked alone.

    Args:
        name: how its people call it.
        by: a supervisor or administrator.
        agency: code of the agency that carries it, by default that of `by`.
    """
    audit.require(by, "device.manage")
    body = agency_of_code(agency or by.agency)
    if (body.lead or body).sector != Sector.PROTECTION:
        raise NobodyLeads(
            f"No child protection agency leads the cases that {body.code} takes in: name it in leads_for."
        )
    username, secret = f"d-{secrets.token_hex(6)}", secrets.token_urlsafe(20)
    row = models.Device.objects.create(
        id=uuid7(), name=name, username=username, agency=body, enrolled_at=now(),
        secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
    )  # fmt: skip
    audit.record(Event.DEVICE_ENROLLED, by=by, subject=audit.subject_of("device", row.pk))
    return DeviceSecret(row.pk, username, secret)


@transaction.atomic
def revoke_device(*, device: UUID, by: Actor) -> None:
    """Stop a device at once; what it sent stays.

    Raises:
        DeviceUnknown: there is no such telephone; nothing is written down.
    """
    audit.require(by, "device.manage")
    if not models.Device.objects.filter(pk=device).exists():
        raise DeviceUnknown(f"There is no such telephone: {device}. See them with: amparo device list.")
    models.Device.objects.filter(pk=device, revoked_at=None).update(revoked_at=now())
    audit.record(Event.DEVICE_REVOKED, by=by, subject=audit.subject_of("device", device))


# Without a savepoint of its own: a refusal undoes the whole transaction that received the form.
@transaction.atomic(savepoint=False)
def keep_submission(*, xml: bytes, files: Collection[str], incomplete: bool, by: Actor) -> Received:
    """Keep a submission as it came; the files that come with it are kept by `attaching.keep_files` afterwards.

    Args:
        xml: the form as filled.
        files: the names of the files that come with it now.
        incomplete: more parts will follow.
        by: the device that sends.

    Raises:
        NotAllowed: `by` is no device.
        SubmissionRefused: with a key for the message and a status; nothing was kept.
    """
    audit.require(by, "form.submit")
    parsed = parse_submission(xml)
    instrument = _instrument_of(parsed)
    bindings = bindings_of(instrument)
    stored = _first_of(parsed.instance_id, by)
    named = expected_files(parsed, bindings, files)
    arrival = submission_outcome(
        stored_sha256=stored.sha256 if stored else None,
        sha256=parsed.sha256,
        named=named,
        present=set(files) | (names_kept(stored, named) if stored else set()),
        marked_incomplete=incomplete,
        last_part_seen=stored.last_part_seen if stored else False,
    )
    if stored is None or arrival.outcome is Outcome.CONFLICT:
        stored = _keep(parsed, xml, instrument, by=by, first=stored is None)
    _mark(stored, arrival, incomplete=incomplete)
    audit.record(Event.SUBMISSION_RECEIVED, by=by, subject=audit.subject_of("submission", stored.pk),
                 reasons=(arrival.outcome.value,))  # fmt: skip
    return Received(stored.pk, arrival, parsed, bindings)


def _instrument_of(parsed: ParsedSubmission) -> models.Instrument:
    """Find the version that was filled; a device may still hold an older one."""
    row = models.Instrument.objects.filter(form_id=parsed.form_id, version=parsed.version).first()
    if row is None:
        raise InstrumentUnknown
    return row


def _first_of(instance_id: str, by: Actor) -> models.Submission | None:
    """Lock the number first, so that two copies sent at once take turns."""
    models.lock_number(f"{by.agency_id}:{instance_id}")
    return models.Submission.objects.filter(agency=by.agency_id, instance_id=instance_id, first=True).first()


def _keep(
    parsed: ParsedSubmission, xml: bytes, instrument: models.Instrument, *, by: Actor, first: bool
) -> models.Submission:
    known = models.Submission.objects.filter(
        agency=by.agency_id, instance_id=parsed.instance_id, sha256=parsed.sha256
    ).first()
    if known is not None:
        return known
    submission_id = uuid7()
    key, wrapped = vault.new_data_key(submission_id)
    place = f"submission.xml:{submission_id}"
    # Her words stand in it: the form as it came closes to the agency, whole.
    closed = seal_bytes_for(leading(by), xml, place=place)
    return models.Submission.objects.create(
        id=submission_id,
        instance_id=parsed.instance_id,
        instrument=instrument,
        device_id=by.id,
        agency_id=by.body,
        received_at=now(),
        sha256=parsed.sha256,
        wrapped_key=wrapped,
        sealed_xml=closed.content if closed else vault.seal_bytes(key, xml, place=place),
        sealed_to=closed.key_id if closed else "",
        first=first,
    )


def _mark(submission: models.Submission, arrival: Arrival, *, incomplete: bool) -> None:
    if arrival.complete and submission.completed_at is None:
        submission.completed_at = now()
    submission.last_part_seen = submission.last_part_seen or not incomplete
    submission.save(update_fields=["completed_at", "last_part_seen"])


def _kept_bindings(bindings: Bindings) -> dict[str, object]:
    return {
        "entity_list": bindings.entity_list,
        "save_to": dict(bindings.save_to),
        "files": sorted(bindings.files),
        "repeats": sorted(bindings.repeats),
    }


def _files(
    row: models.Instrument, compiled: Compiled, supplied: Mapping[str, bytes]
) -> list[models.InstrumentFile]:
    contents = {file.name: supplied.get(file.name, file.content) for file in compiled.media}
    missing = sorted(name for name, content in contents.items() if content is None)
    if missing:
        raise MediaMissing(f"{compiled.form_id} needs {', '.join(missing)}.")
    return [
        models.InstrumentFile(
            instrument=row, filename=name, content=content,
            md5=hashlib.md5(content or b"", usedforsecurity=False).hexdigest(),
        )
        for name, content in contents.items()
    ]  # fmt: skip
