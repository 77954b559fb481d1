"""Open the regional Guide: load it, judge a case by it, say what is refused and what to do next.

Everything another room needs of the Guide is named here. Pure: no framework, database, network or clock.
"""

from amparo.guide.citing import place_in, reference_in, title_of, told_in_words
from amparo.guide.errors import ActionUnknown, FactsRefused, Faulty, GuideFaulty, OverlayWeakens, Problem
from amparo.guide.evaluate import History, evaluate, snapshots
from amparo.guide.evaluation import Bar, Breach, Evaluation, ObligationStatus, State, Unanswered
from amparo.guide.in_words import Said, condition_in_words
from amparo.guide.indicators import Counted, count_case
from amparo.guide.loading import load, load_overlay
from amparo.guide.model import (
    Authority,
    Citation,
    Evidence,
    FactKind,
    Guide,
    Obligation,
    Source,
    Text,
    Vocabulary,
)
from amparo.guide.overrides import PROTECTION, joint_emergency_of
from amparo.guide.refusals import MissingEvidence, Refusal, Task, may, refusals, tasks_for, way_out
from amparo.guide.texts import languages_of, text_of

__all__ = [
    "PROTECTION",
    "ActionUnknown",
    "Authority",
    "Bar",
    "Breach",
    "Citation",
    "Counted",
    "Evaluation",
    "Evidence",
    "FactKind",
    "FactsRefused",
    "Faulty",
    "Guide",
    "GuideFaulty",
    "History",
    "MissingEvidence",
    "Obligation",
    "ObligationStatus",
    "OverlayWeakens",
    "Problem",
    "Refusal",
    "Said",
    "Source",
    "State",
    "Task",
    "Text",
    "Unanswered",
    "Vocabulary",
    "condition_in_words",
    "count_case",
    "evaluate",
    "joint_emergency_of",
    "languages_of",
    "load",
    "load_overlay",
    "may",
    "place_in",
    "reference_in",
    "refusals",
    "snapshots",
    "tasks_for",
    "text_of",
    "title_of",
    "told_in_words",
    "way_out",
]
