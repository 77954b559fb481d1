"""Say to a device, in the caller's language, why a submission was not taken and what to do."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "submission-refused": _("This form cannot be taken. Keep it on the device."),
    "submission-malformed": _(
        "The form that was sent cannot be read. Keep it on the device and send it again."
    ),
    "submission-too-large": _(
        "The form that was sent is too large. Keep it on the device and tell whoever runs the node."
    ),
    "submission-encrypted": _(
        "This node cannot read forms that the phone encrypts. Download the form again."
    ),
    "instance-id-missing": _(
        "The form that was sent has no usable number of its own. Fill it in again with the current form."
    ),
    "instrument-unknown": _(
        "This node does not know that form or version. Keep it and ask which node it belongs to."
    ),
    "submission-conflict": _(
        "A form with this number but other answers came before. Both are kept; somebody will look."
    ),
    "failed": _(
        "Something failed here and nothing was kept. Keep the form on the device and send it again later."
    ),
    "attachment-name-refused": _("A file that was sent has a name that cannot be used."),
    "attachment-unknown": _(
        "A file was sent that this form does not name. Keep it on the device and send the form again."
    ),
    "too-many-files": _(
        "Too many files were sent with one form. Keep it on the device and tell whoever runs the node."
    ),
}


def words_of(key: str) -> str:
    """Return the message of a key, in the language of the request."""
    return str(WORDS[key])
