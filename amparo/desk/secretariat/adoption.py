"""Show which State says what of which duty: to everybody, without the name of any person, and as open data.

Every page says that an answer changes nothing of what the software enforces. Decision: 0014.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from amparo.access.rules import may
from amparo.desk.reader import DeskRequest
from amparo.desk.secretariat.comments import comment_lines
from amparo.desk.secretariat.forms import CommentForm
from amparo.desk.secretariat.words import Mark, country_words, stance_mark
from amparo.monitor import queries
from amparo.monitor.queries import Adoption, CountryAnswer
from amparo.monitor.rules import Stance

_UNVERIFIED = "stated by the State, not verified"
_COLUMNS = (
    "country", "obligation", "title_en", "guide_version", "answer", "since", "reason", "national_instrument",
    "about_the_instrument", "answered_on",
)  # fmt: skip


@dataclass(frozen=True)
class StateLine:
    """How far one State is: `counts` by mark, without the stances that nobody took."""

    code: str
    name: str
    answered: int
    total: int
    counts: tuple[tuple[Mark, int], ...]


@dataclass(frozen=True)
class DutyLine:
    """One duty: a mark for each State in the order of the columns, and who said what, in words."""

    id: str
    cells: tuple[Mark, ...]
    said: tuple[tuple[Mark, str], ...]


@dataclass(frozen=True)
class AnswerLine:
    """One duty on the page of one State."""

    id: str
    mark: Mark
    answer: CountryAnswer | None
    before: CountryAnswer | None


def overview(request: HttpRequest) -> HttpResponse:
    """Show all States and all duties."""
    adoption = queries.adoption()
    states = [_state_line(adoption, code) for code in adoption.countries]
    stages = [(stage, [_duty_line(adoption, key) for key in keys]) for stage, keys in by_stage()]
    legend = [stance_mark(one) for one in Stance]
    context = {"adoption": adoption, "states": states, "stages": stages, "legend": legend}
    return render(request, "secretariat/adoption.html", context)


def duty(request: DeskRequest, obligation_id: str) -> HttpResponse:
    """Show what every State says of one duty, and to the signed-in what people say about it."""
    if obligation_id not in queries.regional_guide().obligations:
        raise Http404
    answers = [(stance_mark(one.stance), one) for one in queries.adoption_of(obligation_id)]
    said = {one.country for _mark, one in answers}
    context: dict[str, object] = {
        "duty": obligation_id,
        "answers": answers,
        "silent": [country_words(code) for code in queries.countries() if code not in said],
        "version": queries.regional_guide().version,
    }
    if may(request.actor, "proposal.read"):
        found = queries.comments_on(request.actor, obligation_id)
        context |= {"comments": comment_lines(request, found), "discussed": True}
        context |= {"comment_form": CommentForm() if may(request.actor, "comment.write") else None}
    return render(request, "secretariat/duty.html", context)


def one_state(request: DeskRequest, country: str) -> HttpResponse:
    """Show what one State says of every duty; its own delegates find the way to answer here."""
    adoption = of_state(country)
    before = queries.answered_before(country)
    only = request.GET.get("only", "")
    stages = [
        (stage, [line for key in keys if _fits(line := _answer_line(adoption, country, key, before), only)])
        for stage, keys in by_stage()
    ]
    context = {
        "country": country,
        "state": _state_line(adoption, country),
        "stages": [(stage, lines) for stage, lines in stages if lines],
        "only": only,
        "version": adoption.version,
        "answers_here": speaks_for(request, country),
        "next": next_duty(adoption, country),
    }
    return render(request, "secretariat/state.html", context)


def open_data(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Hand out every State's answers as CSV: open data, no person's name."""
    adoption = queries.adoption()
    return _csv(adoption, adoption.countries, "adoption.csv")


def state_data(request: HttpRequest, country: str) -> HttpResponse:  # noqa: ARG001
    """Hand out one State's answers as CSV."""
    return _csv(of_state(country), (country,), f"adoption-{country}.csv")


def of_state(country: str) -> Adoption:
    """Return the picture when this State takes part; Http404 otherwise."""
    adoption = queries.adoption()
    if country not in adoption.countries:
        raise Http404
    return adoption


def speaks_for(request: DeskRequest, country: str) -> bool:
    """Test whether the reader is a delegate of this State."""
    return may(request.actor, "adoption.answer") and request.actor.country == country


def next_duty(adoption: Adoption, country: str, after: str = "") -> str:
    """Return the next duty that waits for an answer, from one on and then from the top; empty when none does."""
    keys = [key for _stage, ones in by_stage() for key in ones]
    start = keys.index(after) + 1 if after in keys else 0
    waiting = (key for key in [*keys[start:], *keys[:start]] if adoption.of(country, key) is None)
    return next(waiting, "")


def by_stage() -> list[tuple[str, list[str]]]:
    """Return the duties of the regional Guide by stage, in its order."""
    guide = queries.regional_guide()
    stages = [
        (stage, [one.id for one in guide.obligations.values() if one.stage == stage])
        for stage in guide.vocabulary.stages
    ]
    return [(stage, keys) for stage, keys in stages if keys]


def _fits(line: AnswerLine, only: str) -> bool:
    if only == "waiting":
        return line.answer is None
    if only == "reservation":
        return line.answer is not None and line.answer.stance is Stance.WITH_RESERVATION
    return True


def _stance(answer: CountryAnswer | None) -> Stance:
    return answer.stance if answer else Stance.NOT_ANSWERED


def _state_line(adoption: Adoption, code: str) -> StateLine:
    stances = [_stance(adoption.of(code, key)) for key in adoption.obligations]
    counts = tuple((stance_mark(one), stances.count(one)) for one in Stance if one in stances)
    return StateLine(code, country_words(code), adoption.answered(code), len(stances), counts)


def _duty_line(adoption: Adoption, key: str) -> DutyLine:
    stances = {code: _stance(adoption.of(code, key)) for code in adoption.countries}
    said = [
        (
            stance_mark(stance),
            ", ".join(country_words(code) for code, one in stances.items() if one is stance),
        )
        for stance in Stance
        if stance is not Stance.NOT_ANSWERED and stance in stances.values()
    ]
    return DutyLine(key, tuple(stance_mark(one) for one in stances.values()), tuple(said))


def _answer_line(
    adoption: Adoption, country: str, key: str, before: Mapping[str, CountryAnswer]
) -> AnswerLine:
    answer = adoption.of(country, key)
    return AnswerLine(key, stance_mark(_stance(answer)), answer, None if answer else before.get(key))


def _csv(adoption: Adoption, countries: Iterable[str], name: str) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(_COLUMNS)
    for country in countries:
        writer.writerows(_row(adoption, country, key) for key in adoption.obligations)
    return response


def _row(adoption: Adoption, country: str, key: str) -> list[str]:
    title = queries.regional_guide().obligations[key].title["en"]
    answer = adoption.of(country, key)
    if answer is None:
        return [country, key, title, adoption.version, Stance.NOT_ANSWERED, "", "", "", "", ""]
    since = answer.since.isoformat() if answer.since else ""
    return [
        country, key, title, answer.version, answer.stance, since, _cell(answer.reason), _cell(answer.instrument),
        _UNVERIFIED if answer.instrument else "", answer.answered_at.date().isoformat(),
    ]  # fmt: skip


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") else text
