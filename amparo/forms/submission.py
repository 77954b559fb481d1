"""Read one submission as it came over the wire, hardened, and say what to do with it.

Pure: bytes in, frozen values out. No entity expansion, no DTD, no unbounded depth or size. Messages carry no
answer and no name.
Norms: OpenRosa metadata and form submission, ODK entities 2022.1 to 2025.1.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from amparo.forms.errors import (
    InstanceIdMissing,
    SubmissionEncrypted,
    SubmissionMalformed,
    SubmissionTooLarge,
)

MAX_BYTES = 2_000_000
MAX_DEPTH = 32
MAX_ELEMENTS = 20_000
MAX_ID_LENGTH = 128
TRUE = frozenset({"1", "true"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One element of a submission: a leaf with text, or a group with children, in the order they came."""

    name: str
    text: str = ""
    children: tuple["Answer", ...] = ()

    def at(self, *path: str) -> tuple["Answer", ...]:
        """Return every element on a path below this one; more than one where a repeat lies on it."""
        found: tuple[Answer, ...] = (self,)
        for name in path:
            found = tuple(child for one in found for child in one.children if child.name == name)
        return found

    def text_at(self, *path: str) -> str:
        """Return the text of the first element on a path; empty when there is none."""
        return next((one.text for one in self.at(*path)), "")


@dataclass(frozen=True, slots=True)
class EntityAct:
    """What a submission wants done to one entity. `path`: () for the form itself, else the repeat."""

    dataset: str
    id: str
    create: bool
    update: bool
    label: str
    base_version: str
    trunk_version: str
    branch_id: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParsedSubmission:
    """A submission read from its bytes. `answers` is its root element; `sha256` names the exact bytes."""

    form_id: str
    version: str
    instance_id: str
    deprecated_id: str
    answers: Answer
    entities: tuple[EntityAct, ...]
    sha256: str


def parse_submission(xml: bytes) -> ParsedSubmission:
    """Read a submission.

    Raises SubmissionTooLarge, SubmissionMalformed, SubmissionEncrypted or InstanceIdMissing.
    """
    if len(xml) > MAX_BYTES:
        raise SubmissionTooLarge
    root = _parsed(xml)
    answers = _answer(root)
    meta = next(iter(answers.at("meta")), Answer("meta"))
    if root.get("encrypted") == "yes":
        raise SubmissionEncrypted
    if not root.get("id"):
        raise SubmissionMalformed
    return ParsedSubmission(
        form_id=root.get("id", ""),
        version=_version(root),
        instance_id=_instance_id(meta.text_at("instanceID") or root.get("instanceID", "")),
        deprecated_id=meta.text_at("deprecatedID").strip(),
        answers=answers,
        entities=tuple(_entities(root, ())),
        sha256=hashlib.sha256(xml).hexdigest(),
    )


class _BoundedTree(TreeBuilder):
    """A tree that stops growing when it is too deep or too large."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise SubmissionTooLarge
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def _parsed(xml: bytes) -> Element:
    parser = DefusedXMLParser(target=_BoundedTree(), forbid_dtd=True)
    try:
        parser.feed(xml)
        root = parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise SubmissionMalformed from error
    if not isinstance(root, Element):
        raise SubmissionMalformed
    return root


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _answer(element: Element) -> Answer:
    children = tuple(_answer(child) for child in element)
    return Answer(_local(element), "" if children else element.text or "", children)


def _version(root: Element) -> str:
    """Read the version attribute, with or without the OpenRosa namespace."""
    return next((value for key, value in root.attrib.items() if key.rpartition("}")[2] == "version"), "")


def _instance_id(said: str) -> str:
    stripped = said.strip()
    if not stripped or len(stripped) > MAX_ID_LENGTH or not stripped.isprintable() or " " in stripped:
        raise InstanceIdMissing
    return stripped


def _entities(element: Element, path: tuple[str, ...]) -> Iterator[EntityAct]:
    for child in element:
        if _local(child) == "meta":
            yield from (_entity(one, path) for one in child if _local(one) == "entity")
        elif len(child):
            yield from _entities(child, (*path, _local(child)))


def _entity(element: Element, path: tuple[str, ...]) -> EntityAct:
    label = next((child.text or "" for child in element if _local(child) == "label"), "")
    return EntityAct(
        dataset=element.get("dataset", ""),
        id=element.get("id", ""),
        create=element.get("create", "") in TRUE,
        update=element.get("update", "") in TRUE,
        label=label,
        base_version=element.get("baseVersion", ""),
        trunk_version=element.get("trunkVersion", ""),
        branch_id=element.get("branchId", ""),
        path=path,
    )


def named_attachments(submission: ParsedSubmission, file_paths: Collection[str]) -> frozenset[str]:
    """Return the files that the answers name, given the form's file questions ("/data/agreement/photo")."""
    paths = (path.strip("/").split("/")[1:] for path in file_paths)
    return frozenset(
        one.text.strip() for path in paths for one in submission.answers.at(*path) if one.text.strip()
    )


class Outcome(Enum):
    """What a submission is, beside what the node has already."""

    NEW = "new"
    REPEAT = "repeat"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a submission stands after one POST. Conflict: keep both. Missing files: wait for them."""

    outcome: Outcome
    complete: bool
    missing: frozenset[str]


def submission_outcome(
    *,
    stored_sha256: str | None,
    sha256: str,
    named: Collection[str],
    present: Collection[str],
    marked_incomplete: bool,
    last_part_seen: bool = False,
) -> Arrival:
    """Decide what one POST means.

    stored_sha256: of the same instance id, when the node has it. present: files received with this POST or
    before.
    marked_incomplete: this POST carries `*isIncomplete*` = yes. last_part_seen: an earlier POST came
    without that mark.
    A phone may send the parts in any order and again and again; the answer is the same.
    """
    missing = frozenset(named) - frozenset(present)
    if stored_sha256 is not None and stored_sha256 != sha256:
        return Arrival(Outcome.CONFLICT, complete=False, missing=missing)
    finished = last_part_seen or not marked_incomplete
    outcome = Outcome.NEW if stored_sha256 is None else Outcome.REPEAT
    return Arrival(outcome, complete=finished and not missing, missing=missing)
