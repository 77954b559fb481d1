"""Keep the parts of entries that are sealed to the agency that leads the case (class P3).

Not append-only like entries: a part is sealed anew when its agency's pair is replaced, its words stay the same.
Row security: migration 0011. Decision: 0022.
"""

from django.db import models


class SealedPart(models.Model):
    """What of one entry only an officer of the agency can open; `place` is what it was bound to when sealed."""

    entry = models.OneToOneField(
        "cases.Entry", primary_key=True, on_delete=models.PROTECT, related_name="sealed_part"
    )
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="sealed_parts")
    key_id = models.CharField(max_length=22)
    content = models.BinaryField()
    place = models.CharField(max_length=80)
    # How many things are in it, so that a page can say so without opening it.
    things = models.PositiveSmallIntegerField()
    # 32 bits keyed with the case's key: tells the same click sent twice from other words under the same id.
    mark = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["key_id"], name="sealed_part_key")]

    def __str__(self) -> str:
        return f"sealed part of {self.entry_id}"
