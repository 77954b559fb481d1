"""Print an evaluation or a refusal for people: what to do now, what may not be done and by which norm.

Only lines of text; nothing is decided here. A citation that is not verified is marked as to be confirmed and
never printed as the norm.
"""

from collections.abc import Iterable, Iterator

from amparo.guide.citing import place_in, title_of
from amparo.guide.evaluation import Evaluation, ObligationStatus
from amparo.guide.model import Citation, Guide, Text
from amparo.guide.refusals import MissingEvidence, Refusal, refusals
from amparo.guide.texts import text_of
from amparo.guide.wire import moment


class Report:
    """Writes about one Guide in one language."""

    def __init__(self, guide: Guide, language: str) -> None:
        self._guide, self._language = guide, language
        self._unreviewed = False

    def evaluation(self, evaluation: Evaluation) -> list[str]:
        """Return the whole answer to `guide explain`."""
        guide = self._guide
        lines = [
            f"{self._say('guide')} {guide.version} · {self._country()} · {evaluation.on.isoformat()}",
            "",
        ]
        lines += [self._say("now")]
        open_now = sorted((each for each in evaluation.obligations if each.is_open), key=self._urgency)
        lines += [line for each in open_now for line in self._open(each)] or [f"  {self._say('nothing-now')}"]
        lines += ["", self._say("blocked")]
        lines += list(self._blocked(evaluation)) or [f"  {self._say('nothing-blocked')}"]
        lines += list(self._breaches(evaluation)) + list(self._remarks(evaluation))
        return lines + self._closing()

    def refusal(self, action: str, found: list[Refusal]) -> list[str]:
        """Return the whole answer to `guide may`."""
        verdict = self._say("refused" if found else "may")
        lines = [f"{verdict}: {self._text('action', action)} [{action}]"]
        lines += [line for each in found for line in self._reason(each)]
        return lines + self._closing()

    # ---- parts ---------------------------------------------------------------------------------

    def _open(self, status: ObligationStatus) -> Iterator[str]:
        tasks = range(len(self._guide.obligations[status.id].tasks))
        yield "  · " + " ".join(self._text("task", f"{status.id}/{at}") for at in tasks) + f" [{status.id}]"
        yield f"      {self._say('duty')}: {self._roles(status.duty_bearer)}"
        if status.missing:
            labels = (self._text("evidence", key) for key in status.missing)
            yield f"      {self._say('missing')}: " + "; ".join(labels)
        if status.due is not None:
            yield f"      {self._say('since' if status.state == 'late' else 'due')}: {moment(status.due)}"
        else:
            yield f"      {self._say('due')}: {self._say('no-limit')}"
        if status.ask:
            yield f"      {self._say('ask')}: {self._facts(status.ask)}"

    def _blocked(self, evaluation: Evaluation) -> Iterator[str]:
        for action in evaluation.blocked:
            yield f"  ✗ {self._text('action', action)} [{action}]"
            for each in refusals(self._guide, evaluation, action):
                yield f"      {self._text('obligation', each.obligation)} ({self._ground(each)})"

    def _breaches(self, evaluation: Evaluation) -> Iterator[str]:
        if evaluation.breaches:
            yield from ("", self._say("breaches"))
        for each in evaluation.breaches:
            action, obligation = self._text("action", each.action), self._text("obligation", each.obligation)
            yield f"  ! {moment(each.at)} {action}: {obligation} [{each.obligation}]"
        if evaluation.breaches:
            yield f"  {self._say('breach-next')}"

    def _remarks(self, evaluation: Evaluation) -> Iterator[str]:
        if evaluation.not_counted:
            labels = "; ".join(self._text("evidence", key) for key in evaluation.not_counted)
            yield from ("", f"{self._say('not-counted')}: {labels}")
        if evaluation.guarded:
            yield from ("", f"{self._say('guarded')}: {self._facts(evaluation.guarded)}")
        if evaluation.errors:
            yield from ("", f"{self._say('errors')}:")
            yield from (f"  {each.condition}: {each.reason}" for each in evaluation.errors)

    def _reason(self, refusal: Refusal) -> Iterator[str]:
        yield ""
        title = self._text("obligation", refusal.obligation)
        yield f"{self._say('because')}: {title} [{refusal.obligation}]"
        yield f"  {self._say('norm')}: {self._citations(refusal.norms) or self._say('own-safeguard')}"
        if refusal.related:
            yield f"  {self._say('related')}: {self._citations(refusal.related)}"
        if refusal.to_be_confirmed:
            yield f"  {self._say('to-be-confirmed')}: {self._citations(refusal.to_be_confirmed)}"
        yield from self._way_out(refusal)

    def _way_out(self, refusal: Refusal) -> Iterator[str]:
        if refusal.held:
            yield f"  {self._say('held')}."
        heading = self._say("never" if refusal.absolute else "missing")
        for at, entry in enumerate(refusal.missing):
            yield (f"  {heading}:\n" if at == 0 else "") + f"    - {self._entry(entry)}"
        if refusal.ask:
            yield f"  {self._say('ask')}: {self._facts(refusal.ask)}"
        if refusal.override != "none":
            yield f"  {self._say('lift')}: {self._say('override-' + refusal.override)}"

    def _entry(self, entry: MissingEvidence) -> str:
        return (
            f"{self._text('evidence', entry.key)} ({self._say('can-provide')}: {self._roles(entry.attest)})"
        )

    # ---- words ---------------------------------------------------------------------------------

    def _ground(self, refusal: Refusal) -> str:
        return self._citations(refusal.norms, short=True) or self._say("own-safeguard")

    def _citations(self, cited: Iterable[Citation], *, short: bool = False) -> str:
        return "; ".join(self._citation(each, short=short) for each in cited)

    def _citation(self, cited: Citation, *, short: bool) -> str:
        title = self._openly(title_of(self._guide, cited.id, self._language, short=short))
        place = place_in(self._guide, cited, self._language)
        said = f"{title}, {place}" if place else title
        # The whole form names the key of the source too, by which JSON and the reference pages know it.
        return said if short else f"{said} [{cited.id}]"

    def _roles(self, roles: Iterable[str]) -> str:
        named = self._guide.authorities
        return ", ".join(
            self._text("role", role)
            + (f" ({named[role].name.get(self._language, named[role].name['en'])})" if role in named else "")
            for role in roles
        )

    def _facts(self, facts: Iterable[str]) -> str:
        return "; ".join(self._text("fact", fact) for fact in facts)

    def _country(self) -> str:
        country = self._guide.country or "-"
        return country if self._guide.overlay else f"{country} ({self._say('region-only')})"

    def _urgency(self, status: ObligationStatus) -> tuple[bool, bool, bool]:
        immediate = "needs_now" in self._guide.obligations[status.id].reads
        return not immediate, status.state != "late", not status.bars

    def _say(self, key: str) -> str:
        return text_of(self._guide, "report", key, self._language).text

    def _text(self, kind: str, key: str) -> str:
        return self._openly(text_of(self._guide, kind, key, self._language))

    def _openly(self, found: Text) -> str:
        self._unreviewed |= not found.reviewed
        # A reader sees when a text is not in the language asked for.
        return found.text if found.language in (self._language, "") else f"({found.language}) {found.text}"

    def _closing(self) -> list[str]:
        return ["", self._say("unreviewed")] if self._unreviewed else []
