"""Read the forms of a page and fill them as somebody in a hurry would: what the page proposes, else the first answer.

Reads what the page says and nothing of our code, so that what is sent is what a browser would send.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

SENTENCE = "El hombre con quien viaja la amenaza y ella tiene golpes en el brazo desde ayer."
_BY_TYPE = {
    "number": "1",
    "date": "2026-11-20",
    "datetime-local": "2026-11-20T10:00",
    "password": "una frase larga de prueba",
    "email": "prueba@example.org",
}
Answers = dict[str, list[str]]


@dataclass
class PageForm:
    """One form of a page that is posted: where to, and what each field would say."""

    action: str
    answers: Answers = field(default_factory=dict)
    proposed: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self) -> Answers:
        """Return what a browser sends when the first button is pressed."""
        pressed = {self.buttons[0][0]: [self.buttons[0][1]]} if self.buttons and self.buttons[0][0] else {}
        return {name: values for name, values in self.answers.items() if name} | pressed

    def offer(self, name: str, value: str, *, proposed: bool) -> None:
        """Take an answer: the one the page proposes wins, else the first that is not empty."""
        if proposed and name not in self.proposed:
            self.answers[name] = []
            self.proposed.add(name)
        if proposed or (not self.answers.get(name) and value and name not in self.proposed):
            self.answers.setdefault(name, []).append(value)


def forms_of(page: str) -> list[PageForm]:
    """Return every form of a page that is sent by POST."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._form: PageForm | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = PageForm(said.get("action", ""))
            if said.get("method", "get").lower() == "post":
                self.forms.append(self._form)
        elif self._form is not None:
            self._take(self._form, tag, said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None

    def _take(self, form: PageForm, tag: str, said: dict[str, str]) -> None:
        name, value = said.get("name", ""), said.get("value", "")
        if tag == "button":
            form.buttons.append((name, value))
        elif tag == "textarea":
            form.offer(name, SENTENCE, proposed=False)
        elif tag == "select":
            self._select = name
        elif tag == "option":
            form.offer(self._select, value, proposed="selected" in said)
        elif tag == "input":
            _take_input(form, said.get("type", "text"), name, value, checked="checked" in said)


def _take_input(form: PageForm, kind: str, name: str, value: str, *, checked: bool) -> None:
    if kind in ("radio", "checkbox"):
        form.offer(name, value or "on", proposed=checked)
    elif kind == "submit":
        form.buttons.append((name, value))
    elif kind != "file":
        form.offer(name, value or _BY_TYPE.get(kind, "prueba"), proposed=bool(value) or kind == "hidden")
