"""Offer templates the words of overrides."""

from django import template

from amparo.cases.override_rules import Kind, Stage, Step
from amparo.desk.protection.override_words import kind_in_words, owed_in_words, stage_in_words

register = template.Library()


@register.filter
def override_kind(kind: Kind) -> str:
    """Say what kind of override it was."""
    return kind_in_words(kind)


@register.filter
def override_stage(stage: Stage) -> str:
    """Say where an override stands."""
    return stage_in_words(stage)


@register.filter
def still_owed(step: Step) -> str:
    """Say what is still owed to the child."""
    return owed_in_words(step)
