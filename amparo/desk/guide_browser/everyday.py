"""Know the everyday words people search with in each language, and which duties they mean.

They only find: nothing is judged or shown by them. Words: `everyday.yaml` among the Guide's data.
"""

from functools import cache

from amparo.desk.guide_browser.finding import Everyday, words_of
from amparo.guide.document import DATA
from amparo.guide.reading import read_file


@cache
def everyday(language: str) -> Everyday:
    """Return the everyday words and phrases of one language, folded as a query is, with the duties they mean."""
    known: dict[str, tuple[str, ...]] = {}
    for entry in read_file(DATA / "everyday.yaml")["words"]:
        for said in entry.get(language, ()):
            key = " ".join(words_of(said))
            known[key] = tuple(dict.fromkeys((*known.get(key, ()), *entry["duties"])))
    return known
