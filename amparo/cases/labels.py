"""Open the short labels of lists so that one that was changed hides no other child; opens no case.

What does not open is written on the audit trail, under the case, each time that somebody meets it. Decision: 0003.
"""

import logging
from collections.abc import Sequence

from amparo.access import audit, vault
from amparo.access.actor import acting_now
from amparo.access.events import Event
from amparo.cases import models

_log = logging.getLogger(__name__)


def labels_of(cases: Sequence[models.Case]) -> list[str | None]:
    """Return the label of each case in the order given, or None where it was changed or is of another case.

    Raises OpenedTooFast, and amparo.keys.trouble.KeysTrouble where no key can be used.
    """
    labels = vault.open_each_label([(case.pk, case.sealed_label) for case in cases])
    for case, label in zip(cases, labels, strict=True):
        if label is None:
            _write_down(case)
    return labels


def _write_down(case: models.Case) -> None:
    _log.error("A label in a list cannot be opened; the audit trail names the case (label-broken).")
    subject = audit.subject_of("case", case.pk)
    audit.record(Event.DENIED, by=acting_now(), subject=subject, allowed=False, reasons=("label-broken",))
