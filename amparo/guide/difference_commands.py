"""Answer `amparo guide diff OLD NEW`: two versions of the Guide, or the region and a country, told in words.

Parses, asks, prints. OLD and NEW are a folder, a file with a whole Guide, an overlay file, or the name of an
edition kept here: `region`, a country such as MX, an earlier version such as 0.2.0-draft.
"""

import argparse
from pathlib import Path

from amparo.guide.difference_words import lines_of
from amparo.guide.differences import differences
from amparo.guide.document import Document, read_document, region
from amparo.guide.editions import edition
from amparo.guide.errors import GuideFaulty, Problem
from amparo.guide.loading import build
from amparo.guide.overlay import lay_over, read_overlay
from amparo.guide.placing import lines_of as lines_in
from amparo.guide.reading import read_file
from amparo.guide.texts import text_of

LANGUAGES = ("en", "es", "fr", "ht", "pt")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is compared, and in which language the answer is."""
    about = "a folder, a whole Guide, an overlay file; or region, MX, 0.2.0-draft"
    parser.add_argument("old", type=Path, metavar="OLD", help=about)
    parser.add_argument("new", type=Path, metavar="NEW", help=about)
    parser.add_argument("--language", choices=LANGUAGES, default="es")


def run(arguments: argparse.Namespace) -> int:
    """Print every difference, grouped by obligation, most consequential first; return 0."""
    old, new = _version(arguments.old), _version(arguments.new)
    guide, language = build(region()), arguments.language
    lines = [*lines_of(differences(old, new), language)]
    if not lines:
        lines = [text_of(guide, "change", "nothing", language).text]
    elif not text_of(guide, "change", "nothing", language).reviewed:
        lines += ["", text_of(guide, "report", "unreviewed", language).text]
    print("\n".join(lines))
    return 0


def _version(path: Path) -> Document:
    """Read one version; a Guide that does not hold together is not compared."""
    known = None if path.exists() else edition(str(path))
    if known is not None:
        return known.document
    if not path.exists():
        raise GuideFaulty([Problem(str(path), "no such file or folder")])
    whole = path.is_dir() or not _is_overlay(path)
    with lines_in(over=None if whole else path):
        document = read_document(path) if whole else lay_over(region(), read_overlay(path))
        build(document)
    return document


def _is_overlay(path: Path) -> bool:
    found = read_file(path)
    return isinstance(found, dict) and "overlay" in found
