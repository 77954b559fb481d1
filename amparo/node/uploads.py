"""Take in what is uploaded at any page or door without ever writing it in clear to a temporary file.

Replaces Django's two handlers: one keeps a file whole in memory, the other writes it to the disk as it came.
Decision: 0026.
"""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from amparo.base.spool import SealedSpool


class SealedUploads(FileUploadHandler):
    """Seal each block of a file while it comes in."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        """Begin with one more file of the request."""
        super().new_file(*args, **kwargs)
        self._spool = SealedSpool()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002 - Django's own
        """Take the next bytes of the file."""
        self._spool.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[Any]":
        """Return the file, ready to be read from its beginning."""
        self._spool.seek(0)
        return UploadedFile(
            file=self._spool,  # type: ignore[arg-type]
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
