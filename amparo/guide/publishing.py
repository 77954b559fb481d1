"""Write the Guide, its overlays, scenarios and texts as documents another system can adopt without our code.

Pure: returns bytes, writes no file. The same data give the same bytes. Each document says its version, its
country, its standing, how sure its sources are and a hash of its content. Decision: 0012.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from amparo.guide import shape
from amparo.guide.document import DATA, Document, Raw, region
from amparo.guide.errors import GuideFaulty, Problem
from amparo.guide.linking import iri, linked
from amparo.guide.loading import load
from amparo.guide.overlay import lay_over, read_overlay
from amparo.guide.reading import read_file

BASE = "urn:amparo:guide"
SCHEMAS = DATA / "schemas"
_LICENCE = {"spdx": "Apache-2.0", "address": "https://www.apache.org/licenses/LICENSE-2.0"}
# What a Guide is made of, beside its obligations, its schema of facts, and what says where they were written.
_ASIDE = ("obligations", "schema", "places", "files", "country", "overlay")
_PARTS = tuple(part.name for part in fields(Document) if part.name not in _ASIDE)
_READABLE = shape.Record(
    needed=dict.fromkeys(("kind", "content", "content_hash"), shape.anything),
    optional=dict.fromkeys(
        ("$schema", "identifier", "id", "version", "country", "overlay", "status", "licence", "languages",
         "marks", "region"),
        shape.anything,
    ),
)  # fmt: skip


def published(*, base: str = BASE) -> dict[str, bytes]:
    """Return every document by the name of its file; `base` begins every identifier (an IRI without `/` at its end)."""
    whole = region()
    documents: dict[str, Raw] = {
        "guide.json": _about(whole, "guide", base, content_of(whole)),
        "scenarios.json": _about(whole, "scenarios", base, {"files": list(_scenario_files())}),
        "texts.json": _about(whole, "texts", base, _texts()),
    }
    for path in sorted((DATA / "overlays").glob("*.yaml")):
        documents[f"overlays/{path.stem}.json"] = overlay_document(read_overlay(path), base=base)
    files = {name: as_bytes(document) for name, document in documents.items()}
    overlays = [document for name, document in documents.items() if name.startswith("overlays/")]
    files["guide.jsonld"] = as_bytes(
        linked(whole, load().texts, overlays, base=base, content_hash=documents["guide.json"]["content_hash"])
    )
    files |= {f"schemas/{path.name}": path.read_bytes() for path in sorted(SCHEMAS.glob("*.json"))}
    files["schemas/facts.schema.json"] = as_bytes(whole.schema)
    index = {"documents": [_listed(name, files[name], documents.get(name)) for name in sorted(files)]}
    return {"index.json": as_bytes(_about(whole, "index", base, index)), **files}


def content_of(document: Document) -> Raw:
    """Return a Guide as plain values; obligations are a list, because their order counts."""
    parts: Raw = {name: getattr(document, name) for name in _PARTS}
    return {**parts, "obligations": list(document.obligations.values()), "facts_schema": document.schema}


def read_published(text: bytes, *, name: str) -> Document:
    """Return the Guide a published `guide` or `overlay` document holds; GuideFaulty where it is no such thing.

    Its shape is checked here and its hash compared; whether it holds together is asked by `loading.build`.
    """
    try:
        raw = json.loads(text)
    except ValueError as fault:
        raise GuideFaulty([Problem(name, "is not JSON")]) from fault
    problems = _READABLE(raw, name)
    if problems:
        raise GuideFaulty(problems)
    if content_hash(raw["content"]) != raw["content_hash"]:
        raise GuideFaulty(
            [Problem(f"{name}: content_hash", "does not belong to this content: it was changed")]
        )
    return _document(name, raw)


def content_hash(content: object) -> str:
    """Return `sha256:` and the hash of the canonical JSON (RFC 8785: keys sorted, no spaces, UTF-8)."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def as_bytes(document: object) -> bytes:
    """Write a document for people and programs: UTF-8, one space of indent, a line end."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


# ---- what every document says ------------------------------------------------------------------


def _about(document: Document, kind: str, base: str, content: Raw) -> Raw:
    guide = document.guide
    end = (document.country, document.overlay or "") if document.country else ()
    about = end if kind in ("guide", "overlay") else (kind,)
    return {
        "$schema": ("../" if kind == "overlay" else "") + f"schemas/{kind}.schema.json",
        "kind": kind,
        "identifier": iri(base, guide["id"], guide["version"], *about),
        "id": guide["id"],
        "version": guide["version"],
        "country": document.country,
        "overlay": document.overlay,
        "status": guide["status"],
        "licence": _LICENCE,
        "languages": _languages(),
        "marks": _marks(document),
        "content_hash": content_hash(content),
        "content": content,
    }


def _languages() -> list[Raw]:
    texts = load().texts
    return [
        {"code": language, "reviewed": all(text.reviewed for text in texts[language].values())}
        for language in sorted(texts)
    ]


def _marks(document: Document) -> Raw:
    """Say what the marks of a citation mean, and how many citations carry the one that may ground a refusal."""
    cited = [each for raw in document.obligations.values() for each in raw["sources"]]
    verified = [each for each in cited if each["verified"]]
    return {
        "verified": "true only where the content was read under, or reported with, that number",
        "basis": document.vocabulary["basis"],
        "fit": document.vocabulary["fit"],
        "citations": len(cited),
        "citations_verified": len(verified),
        "citations_verified_and_direct": sum(each.get("fit", "direct") == "direct" for each in verified),
    }


def _listed(name: str, text: bytes, document: Raw | None) -> Raw:
    kinds = {"guide.jsonld": "linked"}
    return {
        "address": name,
        "kind": document["kind"] if document else kinds.get(name, "schema"),
        "country": document["country"] if document else None,
        "identifier": document["identifier"] if document else None,
        "bytes": len(text),
        "file_hash": "sha256:" + hashlib.sha256(text).hexdigest(),
    }


# ---- overlays, scenarios, texts ----------------------------------------------------------------


def overlay_document(raw: Raw, *, base: str = BASE) -> Raw:
    """Return one overlay as it is published: what it says, what it changes, and the Guide it makes.

    Errors as for `overlay.lay_over`.
    """
    whole = region()
    country = lay_over(whole, raw)
    content = {"overlay": raw, "changes": changes(whole, country), "laid_over": content_of(country)}
    about = _about(country, "overlay", base, content)
    about["status"] = raw["overlay"]["status"]
    about["region"] = {"version": whole.guide["version"], "content_hash": content_hash(content_of(whole))}
    return about


def changes(whole: Document, country: Document) -> Raw:
    """Return what a country changes: what it adds, and each changed field with both values."""
    return {
        "obligations_added": sorted(country.obligations.keys() - whole.obligations.keys()),
        "obligations_changed": _changed(whole.obligations, country.obligations),
        "evidence_added": sorted(country.evidence.keys() - whole.evidence.keys()),
        "evidence_changed": _changed(whole.evidence, country.evidence),
        "sources_added": sorted(country.sources.keys() - whole.sources.keys()),
        "authorities_named": sorted(country.authorities),
        "vocabulary_changed": _fields(whole.vocabulary, country.vocabulary),
        "coming_of_age_horizon": country.coming_of_age_horizon,
    }


def _changed(old: Mapping[str, Raw], new: Mapping[str, Raw]) -> Raw:
    found = ((key, _fields(before, new[key])) for key, before in old.items())
    return {key: fields for key, fields in found if fields}


def _fields(before: Raw, now: Raw) -> Raw:
    return {
        name: {"region": before.get(name), "country": now.get(name)}
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    }


def _scenario_files() -> Iterator[Raw]:
    """Walk through the files of scenarios; an overlay that lies among them, for a trial, is told as such."""
    for path in sorted((DATA / "scenarios").glob("*.yaml")):
        found = read_file(path)
        yield {"file": path.name, "overlay" if "overlay" in found else "scenarios": found}


def _texts() -> Raw:
    content: Raw = {}
    for language, texts in sorted(load().texts.items()):
        words: Raw = {}
        for (kind, key), text in sorted(texts.items()):
            words.setdefault(kind, {})[key] = text.text
        content[language] = {"reviewed": all(text.reviewed for text in texts.values()), "words": words}
    return {"languages": content}


# ---- reading back ------------------------------------------------------------------------------


def _document(name: str, raw: Raw) -> Document:
    content = raw["content"]["laid_over"] if raw["kind"] == "overlay" else raw["content"]
    missing = [part for part in (*_PARTS, "obligations", "facts_schema") if part not in content]
    if raw["kind"] not in ("guide", "overlay") or missing:
        raise GuideFaulty([Problem(f"{name}: content", "must hold a whole Guide")])
    found = ((part, content[part]) for part in _PARTS)
    parts: dict[str, Any] = {part: tuple(said) if isinstance(said, list) else said for part, said in found}
    obligations = {each["id"]: each for each in content["obligations"]}
    whole = Document(**parts, obligations=obligations, schema=content["facts_schema"])
    return replace(
        whole, country=raw["country"], overlay=raw["overlay"], places=dict.fromkeys(obligations, name)
    )
