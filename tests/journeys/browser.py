"""Walk through the pages of a node without script, as the simplest browser would: links, forms, cookies."""

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

Fields = Mapping[str, str | Sequence[str]]


@dataclass
class Form:
    """One form of a page: where it goes, and what is in it before anybody types."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """What a node answered."""

    url: str
    status: int
    html: str
    forms: tuple[Form, ...]
    links: tuple[str, ...]

    def form_to(self, part: str) -> Form:
        """Return the form whose address holds `part`; raises LookupError."""
        for form in self.forms:
            if part in form.action:
                return form
        raise LookupError(f"{self.url} has no form to {part}; it has {[form.action for form in self.forms]}")


class _Reader(HTMLParser):
    """Gather forms and links, and nothing else."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(
                Form(
                    urllib.parse.urljoin(self.url, said.get("action") or self.url), said.get("method", "get")
                )
            )
        elif tag == "a":
            self.links.append(urllib.parse.urljoin(self.url, said.get("href", "")))
        elif tag == "input" and self.forms and _is_filled(said):
            self.forms[-1].fields.setdefault(said["name"], []).append(said.get("value", ""))


def _is_filled(said: Mapping[str, str]) -> bool:
    ticked = said.get("type") not in ("checkbox", "radio") or "checked" in said
    return bool(said.get("name")) and ticked and said.get("type") != "submit"


class Browser:
    """One person at one node."""

    def __init__(self, base: str, *, language: str = "es") -> None:
        self.base = base
        self.language = language
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def get(self, path: str) -> Page:
        """Open a page by its path or whole address."""
        return self._open(urllib.parse.urljoin(self.base, path), None)

    def send(self, page: Page, form: Form, fields: Fields | None = None) -> Page:
        """Fill a form and send it; fields that are not named stay as they came."""
        values = {name: list(said) for name, said in form.fields.items()}
        for name, said in (fields or {}).items():
            values[name] = [said] if isinstance(said, str) else list(said)
        return self._open(
            form.action, urllib.parse.urlencode(values, doseq=True).encode(), came_from=page.url
        )

    def sign_in(self, email: str, password: str) -> Page:
        """Sign in; raises PermissionError when the node does not let this person in."""
        page = self.get("/account/login/")
        inside = self.send(page, page.form_to("login"), {"login": email, "password": password})
        if "/account/login" in inside.url:
            raise PermissionError(f"{self.base} does not let {email} in")
        return inside

    def _open(self, url: str, body: bytes | None, came_from: str = "") -> Page:
        headers = {"Accept-Language": self.language} | ({"Referer": came_from} if came_from else {})
        request = urllib.request.Request(url, data=body, headers=headers)
        try:
            with self._opener.open(request, timeout=30) as response:
                return _page(response.url, response.status, response.read().decode())
        except urllib.error.HTTPError as refusal:  # a refusal is a page like any other
            return _page(refusal.url, refusal.code, refusal.read().decode())


def _page(url: str, status: int, html: str) -> Page:
    reader = _Reader(url)
    reader.feed(html)
    return Page(url, status, html, tuple(reader.forms), tuple(reader.links))
