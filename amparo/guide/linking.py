"""Write the Guide as linked data (JSON-LD), so that each obligation has a name others can point to.

Pure. Names only; the rules themselves are in the published Guide. Decision: 0012.
"""

from amparo.guide.document import Document, Raw


def linked(document: Document, *, base: str) -> Raw:
    """Return the Guide as one JSON-LD document; `base` begins every identifier."""
    guide = document.guide
    return {"@id": f"{base}:{guide['id']}:{guide['version']}", "version": guide["version"]}
