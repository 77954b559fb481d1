"""Fill a real instrument as a telephone would and send it: list, form, check, answers, submission.

For the demonstration and the journey. It fills by name what it is given and leaves the rest blank; it evaluates no
conditions (the JavaRosa client of the tests does). Norm: OpenRosa 1.0.
"""

import base64
import hashlib
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, tostring

import defusedxml.ElementTree as SafeTree

_LIST = "{http://openrosa.org/xforms/xformsList}"
_XFORMS = "{http://www.w3.org/2002/xforms}"
_TEMPLATE = "{http://openrosa.org/javarosa}template"
_SECONDS = 30


class FormNotOffered(Exception):
    """The node offers no such form, or its bytes are not those that the list announced."""


@dataclass(frozen=True)
class Sent:
    """What the node answered: HTTP status and its message in words."""

    status: int
    message: str
    instance_id: str


@dataclass(frozen=True)
class Phone:
    """One telephone: the base address of a node and the device's own credentials."""

    base: str
    username: str
    secret: str
    language: str = "es"

    def fetch(self, form_id: str) -> bytes:
        """Download a form the way a telephone does, and check its bytes against the list; raises FormNotOffered."""
        listed = SafeTree.fromstring(self._get(f"{self.base}/formList")[1])
        for entry in listed.iter(f"{_LIST}xform"):
            if entry.findtext(f"{_LIST}formID") == form_id:
                _status, content = self._get(entry.findtext(f"{_LIST}downloadUrl") or "")
                digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
                if entry.findtext(f"{_LIST}hash") != f"md5:{digest}":
                    raise FormNotOffered(f"The bytes of {form_id} are not those that the list announced.")
                return content
        raise FormNotOffered(f"This node offers no form {form_id}.")

    def send(self, form: bytes, answers: Mapping[str, str], *, label: str) -> Sent:
        """Fill a form and send it; answers are path → text, for instance {"safety/needs_now": "food water"}."""
        instance_id, xml = filled(form, answers, label=label)
        return self.post(xml, instance_id)

    def post(self, xml: bytes, instance_id: str = "") -> Sent:
        """Send bytes as a submission."""
        boundary = uuid.uuid4().hex
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="submission.xml"\r\n'
            "Content-Type: text/xml\r\n\r\n"
        )
        body = head.encode() + xml + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        status, answer = self._ask(f"{self.base}/submission", body, headers)
        return Sent(status, "".join(SafeTree.fromstring(answer).itertext()), instance_id)

    def _get(self, url: str) -> tuple[int, bytes]:
        return self._ask(url, None, {})

    def _ask(self, url: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        signed = base64.b64encode(f"{self.username}:{self.secret}".encode()).decode()
        headers |= {"Authorization": f"Basic {signed}", "Accept-Language": self.language}
        request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 - the address of our own node
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
                return response.status, response.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read()


def filled(form: bytes, answers: Mapping[str, str], *, label: str) -> tuple[str, bytes]:
    """Return an instance id and the primary instance of a form with these answers in it.

    Raises:
        FormNotOffered: an answer names a question that the form does not ask.
    """
    root = SafeTree.fromstring(form).find(f".//{_XFORMS}instance")
    if root is None or not len(root):
        raise FormNotOffered("These bytes hold no form.")
    data = root[0]
    _drop_templates(data)
    for path, text in answers.items():
        _at(data, path).text = text
    instance_id = f"uuid:{uuid.uuid4()}"
    _at(data, "meta/instanceID").text = instance_id
    entity = next((one for one in _at(data, "meta") if _name(one) == "entity"), None)
    if entity is not None:
        entity.set("id", str(uuid.uuid4()))
        _at(entity, "label").text = label
    return instance_id, tostring(data, encoding="utf-8", xml_declaration=True)


def _drop_templates(element: Element) -> None:
    for child in list(element):
        if child.get(_TEMPLATE) is not None:
            element.remove(child)
        else:
            _drop_templates(child)


def _at(element: Element, path: str) -> Element:
    for step in path.split("/"):
        found = next((child for child in element if _name(child) == step), None)
        if found is None:
            raise FormNotOffered(f"The form asks nothing called {path}.")
        element = found
    return element


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
