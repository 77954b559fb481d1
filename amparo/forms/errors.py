"""Name what can be wrong with a submission: one class per thing that somebody can put right.

Each has a key for the translated message and the HTTP status of the OpenRosa answer. None ever carries an
answer of a child.
"""

from typing import ClassVar


class SubmissionRefused(Exception):
    """A submission cannot be taken; `key` finds the message, `status` is the answer to the phone."""

    key: ClassVar[str] = "submission-refused"
    status: ClassVar[int] = 400
    english: ClassVar[str] = "The submission cannot be taken."

    def __init__(self) -> None:
        super().__init__(self.english)


class SubmissionMalformed(SubmissionRefused):
    """The XML cannot be read, declares a document type, or names no form."""

    key = "submission-malformed"
    english = "The form that was sent cannot be read. Keep it on the device and send it again."


class SubmissionTooLarge(SubmissionRefused):
    """The XML is larger, deeper or wider than any form of ours."""

    key = "submission-too-large"
    status = 413
    english = "The form that was sent is too large. Keep it on the device and tell whoever runs the node."


class SubmissionEncrypted(SubmissionRefused):
    """The phone encrypted the form with a key that a node does not hold."""

    key = "submission-encrypted"
    english = "This node cannot read forms that the phone encrypts. Download the form again."


class InstanceIdMissing(SubmissionRefused):
    """The submission has no usable instanceID, so it could not be told from another."""

    key = "instance-id-missing"
    english = (
        "The form that was sent has no usable number of its own. Fill it in again with the current form."
    )


class InstrumentUnknown(SubmissionRefused):
    """The form or that version of it was never published at this node."""

    key = "instrument-unknown"
    status = 404
    english = "This node does not know that form or version. Keep it and ask which node it belongs to."


class AttachmentNameRefused(SubmissionRefused):
    """An attachment has a name that is a path, hidden, or too long."""

    key = "attachment-name-refused"
    english = "A file that was sent has a name that cannot be used."


class AttachmentUnknown(SubmissionRefused):
    """A file was sent that no answer of the form names."""

    key = "attachment-unknown"
    english = "A file was sent that this form does not name. Keep it on the device and send the form again."


class TooManyFiles(SubmissionRefused):
    """More files belong to one form than any form of ours asks for."""

    key = "too-many-files"
    status = 413
    english = "Too many files were sent with one form. Keep it on the device and tell whoever runs the node."


def check_attachment_name(name: str) -> str:
    """Return a safe file name as it is; raise AttachmentNameRefused for paths and other odd names."""
    odd = not name or len(name) > 255 or name.startswith(".") or not name.isprintable()
    if odd or any(letter in name for letter in "/\\:"):
        raise AttachmentNameRefused
    return name
