"""List the files an instrument needs beside itself, and make those that are ours to make.

Pure. A list of places is made from the packaged gazetteer; any other file must be supplied by whoever brings
the form.
"""

import hashlib
import re
from dataclasses import dataclass

from amparo.places import VINTAGES, places_csv

REFERENCE = re.compile(r"jr://(?:images|audio|video|file|file-csv)/([^\"'<>?#\s]+)")
PULLDATA = re.compile(r"pulldata\(\s*(?:'|&apos;|&#39;)([^'&]+)(?:'|&apos;|&#39;)")
INTERNAL = ("last-saved",)


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One file of the manifest; `content` is None when somebody has to supply it."""

    name: str
    content: bytes | None = None

    @property
    def md5(self) -> str:
        """The MD5 that a manifest announces; empty while the content is missing."""
        return (
            hashlib.md5(self.content, usedforsecurity=False).hexdigest() if self.content is not None else ""
        )


def needed_media(xform: bytes, *, itemsets: str | None = None) -> tuple[MediaFile, ...]:
    """Return the media files that the bytes of a form refer to, by name, each once."""
    text = xform.decode("utf-8")
    names = set(REFERENCE.findall(text)) | {f"{one}.csv" for one in PULLDATA.findall(text)}
    own = {f"places_{vintage}.csv": vintage for vintage in VINTAGES}
    made = {name: places_csv(own[name]) for name in names & own.keys()}
    if itemsets is not None:
        made["itemsets.csv"] = itemsets.encode("utf-8")
    return tuple(MediaFile(name, made.get(name)) for name in sorted(names | made.keys()))
