"""Write the Guide as linked data (JSON-LD 1.1), so that each obligation has a name others can point to.

Pure. Names and how they hang together; the rules themselves are in the published Guide. SKOS and Dublin Core terms
where they say what we mean, our own terms for the rest. Decision: 0012.
"""

from collections.abc import Iterable, Iterator, Mapping

from amparo.guide.document import Document, Raw
from amparo.guide.model import Texts

_OWN = (
    "Obligation Evidence Source Action Role Fact Stage Overlay Citation version status contentHash unreviewed "
    "severity override absolute verified basis fit weight region"
)
_LINKS = "dutyBearer stage requires requiresAfter blocks reads cites attestedBy source overlayOf adds changes"


def iri(base: str, *parts: str) -> str:
    """Join the parts of an identifier: with `:` in a urn, with `/` in an address."""
    return (":" if base.startswith("urn:") else "/").join((base, *parts))


def linked(document: Document, texts: Texts, overlays: Iterable[Raw], *, base: str, content_hash: str) -> Raw:
    """Return the Guide as one JSON-LD graph; `overlays` are published overlay documents.

    The id of an obligation holds no version: it means the same obligation in every version of the Guide.
    """
    graph = _Graph(document, texts, base)
    nodes = [graph.guide(content_hash), *graph.nodes(), *(graph.overlay(each) for each in overlays)]
    return {"@context": _context(base), "@graph": nodes}


def _context(base: str) -> Raw:
    terms = iri(base, "terms", "")
    own = {name: f"{terms}{name}" for name in _OWN.split()}
    return {
        "@version": 1.1,
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "dcterms": "http://purl.org/dc/terms/",
        "label": {"@id": "skos:prefLabel", "@container": "@language"},
        "definition": {"@id": "skos:definition", "@container": "@language"},
        "key": "skos:notation",
        "inScheme": {"@id": "skos:inScheme", "@type": "@id"},
        "title": "dcterms:title",
        "place": "dcterms:bibliographicCitation",
        "country": "dcterms:spatial",
        "language": "dcterms:language",
        "licence": {"@id": "dcterms:license", "@type": "@id"},
        "isVersionOf": {"@id": "dcterms:isVersionOf", "@type": "@id"},
        **own,
        **{name: {"@id": f"{terms}{name}", "@type": "@id"} for name in _LINKS.split()},
    }


class _Graph:
    """The nodes of one Guide."""

    def __init__(self, document: Document, texts: Texts, base: str) -> None:
        self._document, self._texts, self._base = document, texts, base
        self._scheme = iri(base, document.guide["id"], document.guide["version"])

    def guide(self, content_hash: str) -> Raw:
        """Say what this version of the Guide is."""
        guide = self._document.guide
        unreviewed = (
            code for code, said in self._texts.items() if not all(t.reviewed for t in said.values())
        )
        return {
            "@id": self._scheme,
            "@type": "skos:ConceptScheme",
            "key": guide["id"],
            "version": guide["version"],
            "status": guide["status"],
            "isVersionOf": iri(self._base, guide["id"]),
            "licence": "https://www.apache.org/licenses/LICENSE-2.0",
            "language": sorted(self._texts),
            "unreviewed": sorted(unreviewed),
            "contentHash": content_hash,
        }

    def nodes(self) -> Iterator[Raw]:
        """Walk through every obligation, entry, source, action, role, stage and fact."""
        words, document = self._document.vocabulary, self._document
        for key, raw in document.obligations.items():
            yield self._node("Obligation", key) | self._obligation(raw)
        for key, raw in document.evidence.items():
            attested = self._all("role", raw["attest"])
            yield self._node("Evidence", key) | {"attestedBy": attested, "reads": self._grounds(raw)}
        for key, raw in document.sources.items():
            yield {**self._named("Source", key), "title": raw["title"], "weight": raw["weight"]}
        for key, said in words["actions"].items():
            yield self._node("Action", key) | {"definition": {"en": said}}
        for kind in ("Role", "Stage"):
            yield from (self._node(kind, key) for key in words[f"{kind.lower()}s"])
        for key, raw in document.schema["properties"].items():
            if key not in ("evidence", "events"):
                yield self._node("Fact", key) | {"definition": {"en": raw["description"], "es": raw["x-es"]}}

    def overlay(self, published: Raw) -> Raw:
        """Say which country's rules are laid over this Guide, and which obligations they touch."""
        changes = published["content"]["changes"]
        return {
            "@id": published["identifier"],
            "@type": "Overlay",
            "country": published["country"],
            "version": published["overlay"],
            "status": published["status"],
            "contentHash": published["content_hash"],
            "overlayOf": self._scheme,
            "adds": self._all("obligation", changes["obligations_added"]),
            "changes": self._all("obligation", changes["obligations_changed"]),
        }

    def _obligation(self, raw: Raw) -> Raw:
        return {
            "stage": self._id("stage", raw["stage"]),
            "dutyBearer": self._all("role", raw["duty_bearer"]),
            "requires": self._all("evidence", raw["requires"]),
            "requiresAfter": self._all("evidence", raw.get("after", ())),
            "blocks": self._all("action", raw["blocks"]),
            "reads": self._all("fact", raw["facts"]),
            "severity": raw["severity"],
            "override": raw["override"],
            "absolute": raw.get("absolute", False),
            "cites": [self._citation(each) for each in raw["sources"]],
        }

    def _citation(self, cited: Raw) -> Raw:
        return {
            "@type": "Citation",
            "source": self._id("source", cited["id"]),
            "place": cited["ref"],
            "verified": cited["verified"],
            "basis": cited["basis"],
            "fit": cited.get("fit", "direct"),
        }

    def _grounds(self, raw: Raw) -> list[str]:
        return self._all("fact", dict.fromkeys(each.partition("/")[0] for each in raw.get("rests_on", ())))

    def _node(self, kind: str, key: str) -> Raw:
        node = {**self._named(kind, key), "label": self._labels(kind.lower(), key)}
        return {**node, "@type": ["skos:Concept", kind]}

    def _named(self, kind: str, key: str) -> Raw:
        return {"@id": self._id(kind.lower(), key), "@type": kind, "key": key, "inScheme": self._scheme}

    def _labels(self, kind: str, key: str) -> Mapping[str, str]:
        return {
            code: said[kind, key].text for code, said in sorted(self._texts.items()) if (kind, key) in said
        }

    def _id(self, kind: str, key: str) -> str:
        return iri(self._base, kind, key)

    def _all(self, kind: str, keys: Iterable[str]) -> list[str]:
        return [self._id(kind, key) for key in keys]
