"""Keep the instruments as compiled, the devices that may send, and every submission exactly as it came.

Row-level security is forced on submissions and attachments; their bytes are sealed. Decisions: 0004, 0026.
"""

from django.db import connection, models

from amparo.access.models import Agency
from amparo.access.rules import Actor, Role, Sector


class Instrument(models.Model):
    """One version of one form, as the bytes that devices get; bytes are never made again."""

    form_id = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    title = models.JSONField(default=dict)
    xform = models.BinaryField()
    md5 = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)
    # Where its answers go (amparo.forms.bindings), as it was compiled.
    bindings = models.JSONField(default=dict)
    published_at = models.DateTimeField()
    # False: devices no longer get it, submissions filled with it are still accepted.
    offered = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form_id", "version"], name="one_instrument_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.version}"


class InstrumentFile(models.Model):
    """One media file of an instrument: a list of places, a picture."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="files")
    filename = models.CharField(max_length=120)
    content = models.BinaryField()
    md5 = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instrument", "filename"], name="one_file_per_name")]

    def __str__(self) -> str:
        return self.filename


class Device(models.Model):
    """One telephone or tablet of an agency, with a secret of its own that can be revoked at once."""

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=80)
    username = models.CharField(max_length=40, unique=True)
    # SHA-256 of a secret of 160 random bits: a slow hash protects guessable words, not this.
    secret_sha256 = models.CharField(max_length=64)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    enrolled_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    def as_actor(self) -> Actor:
        """Return who this device is when it sends."""
        return Actor(
            id=self.id,
            role=Role.DEVICE,
            sector=Sector(self.agency.sector),
            agency_id=self.agency_id,
            agency=self.agency.code,
        )


class Submission(models.Model):
    """One filled form, exactly as it came; the instance id makes it idempotent."""

    id = models.UUIDField(primary_key=True, editable=False)
    instance_id = models.CharField(max_length=128)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    received_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    wrapped_key = models.BinaryField()
    sealed_xml = models.BinaryField()
    # The pair of the agency that leads, to which the form as it came is sealed; empty: under `wrapped_key`.
    sealed_to = models.CharField(max_length=22, default="", blank=True)
    # False for a second form under a number that came before with other answers: kept, for a person to look at.
    first = models.BooleanField(default=True)
    last_part_seen = models.BooleanField(default=False)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # Per agency, so that a clash tells nobody that another agency has this form.
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "instance_id"],
                condition=models.Q(first=True),
                name="one_first_per_instance",
            ),
            models.UniqueConstraint(
                fields=["agency", "instance_id", "sha256"], name="one_submission_per_content"
            ),
        ]

    def __str__(self) -> str:
        return self.instance_id


class Attachment(models.Model):
    """One file that came with a submission: what it is and the key of its pieces; the name it came with is not kept.

    `case_id` leads to a case, which this room does not know: cases 0016 adds the foreign key and lets row security
    follow the case.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="attachments")
    case_id = models.UUIDField(null=True, blank=True, db_index=True)
    # Keyed with the submission's key: tells the same file sent twice, and nobody else its name.
    mark = models.BinaryField()
    # Which question of the form it answers.
    question = models.CharField(max_length=80)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    received_at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    size = models.IntegerField()
    # Of class P3: her own voice is sealed to the agency, a photograph is not.
    closest = models.BooleanField()
    sealed_key = models.BinaryField()
    # The pair of the agency to which the key is sealed; empty: under the submission's key.
    sealed_to = models.CharField(max_length=22, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "mark"], name="one_attachment_per_name")]

    def __str__(self) -> str:
        return f"attachment {self.pk}"

    @property
    def place(self) -> str:
        """To what the key and the pieces are bound: this file, its submission and its case."""
        return f"attachment:{self.case_id}:{self.submission_id}:{self.pk}"


class AttachmentPiece(models.Model):
    """One sealed piece of a file, never changed (amparo.base.pieces)."""

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attachment", "number"], name="one_piece_per_number")]

    def __str__(self) -> str:
        return f"piece {self.number} of {self.attachment_id}"


def lock_number(number: str) -> None:
    """Let only one transaction at a time work on a submission's number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(724002, hashtext(%s))", [number])
