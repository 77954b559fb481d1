"""Let a delegate say what her State says of one duty, and show everybody what it said before."""

from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from amparo.access import audit
from amparo.access.rules import NotAllowed
from amparo.base.clock import now
from amparo.desk.citations import source_lines
from amparo.desk.reader import DeskRequest
from amparo.desk.secretariat.adoption import by_stage, next_duty, of_state, speaks_for
from amparo.desk.secretariat.forms import AnswerForm
from amparo.desk.secretariat.words import Mark, country_words, fault_words, stance_mark
from amparo.monitor import queries
from amparo.monitor.actions import NewAnswer, answer_obligation
from amparo.monitor.rules import Answer, Answered, MonitorRefused, Stance


@dataclass(frozen=True)
class HistoryLine:
    """One answer of the past: `stands` says whether it is the one that counts, `crossed` that it never did."""

    answer: Answer
    mark: Mark
    stands: bool
    crossed: bool


def answer(request: DeskRequest, country: str, obligation_id: str) -> HttpResponse:
    """Show what a State says of one duty; its delegates answer here."""
    adoption = of_state(country)
    if obligation_id not in adoption.obligations:
        raise Http404
    if request.method == "POST":
        return _given(request, country, obligation_id)
    form = _form(country, obligation_id) if speaks_for(request, country) else None
    return _page(request, country, obligation_id, form)


def _given(request: DeskRequest, country: str, obligation_id: str) -> HttpResponse:
    """Keep an answer; where another delegate was quicker, say so and keep both."""
    audit.require(request.actor, "adoption.answer")
    if not speaks_for(request, country):
        raise NotAllowed("adoption.answer")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, country, obligation_id, form)
    try:
        stands = _keep(request, country, obligation_id, form)
    except MonitorRefused as refused:
        form.add_error(None, fault_words(refused))
        return _page(request, country, obligation_id, form)
    if not stands:
        return _page(request, country, obligation_id, _again(form, country, obligation_id), crossed=True)
    messages.success(request, _("Your State's answer is written down."))
    return redirect(*_next_page(request, country, obligation_id))


def _keep(request: DeskRequest, country: str, obligation_id: str, form: AnswerForm) -> bool:
    said = form.cleaned_data
    return answer_obligation(
        country=country,
        obligation=obligation_id,
        answer=NewAnswer(
            Stance(said["stance"]), said["since"], said["reason"], said["instrument"], said["seen"]
        ),
        answer_id=said["form_id"],
        by=request.actor,
        at=now(),
        on=timezone.localdate(),
    )


def _next_page(request: DeskRequest, country: str, obligation_id: str) -> tuple[str, ...]:
    following = next_duty(queries.adoption(), country, obligation_id)
    if request.POST.get("then") == "next" and following:
        return ("desk:adoption-answer", country, following)
    return ("desk:adoption-state", country)


def _form(country: str, obligation_id: str) -> AnswerForm:
    """Return the form, filled with what stands."""
    stands = queries.answered_by(country, obligation_id).stands
    if stands is None:
        return AnswerForm()
    shown = {name: getattr(stands, name) for name in ("since", "instrument", "reason")}
    return AnswerForm(initial=shown | {"seen": stands.id, "stance": stands.stance.value})


def _again(form: AnswerForm, country: str, obligation_id: str) -> AnswerForm:
    """Return the form with the same words, now that its writer sees the other's answer."""
    stands = queries.answered_by(country, obligation_id).stands
    fresh = {"form_id": uuid4(), "seen": stands.id if stands else None}
    return AnswerForm(initial=form.cleaned_data | fresh)


def _page(
    request: DeskRequest, country: str, obligation_id: str, form: AnswerForm | None, *, crossed: bool = False
) -> HttpResponse:
    guide = queries.regional_guide()
    duty, answered = guide.obligations[obligation_id], queries.answered_by(country, obligation_id)
    stage = next(stage for stage, keys in by_stage() if obligation_id in keys)
    context = {
        "country": country,
        "name": country_words(country),
        "duty": duty,
        "stage": stage,
        "tasks": [f"{duty.id}/{at}" for at in range(len(duty.tasks))],
        "norms": source_lines(cite for cite in duty.sources if cite.grounds),
        "unsure": source_lines(cite for cite in duty.sources if not cite.verified),
        "stands": answered.stands,
        "mark": stance_mark(answered.stands.stance if answered.stands else Stance.NOT_ANSWERED),
        "before": queries.answered_before(country).get(obligation_id),
        "history": _history(answered),
        "form": form,
        "crossed": crossed,
        "version": guide.version,
    }
    return render(request, "secretariat/answer.html", context)


def _history(answered: Answered) -> list[HistoryLine]:
    """Return everything ever answered, newest first."""
    return [
        HistoryLine(one, stance_mark(one.stance), one == answered.stands, one in answered.crossed)
        for one in reversed(answered.history)
    ]
