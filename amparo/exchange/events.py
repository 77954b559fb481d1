"""Announce what happened to transfers and envelopes, after the transaction is kept."""

from django.dispatch import Signal

# transfer_id, stage: a transfer stands elsewhere than before.
transfer_moved = Signal()
# envelope_id: the id of an envelope came again with other bytes; somebody may be playing tricks.
id_reused = Signal()
