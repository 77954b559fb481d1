"""Make invented children with names of five families of languages, and spoil a name as clerks and callers do.

Lists: Faker's common names (MIT) of Mexico, Colombia, Brazil, the United States and France, and `bench/data`. No name
of these was used to make the rules of `amparo.names`. Each spoilt name has at least one change. The model of errors:
family names stand first in 30 of 100; one of three or more parts is missing in 25; each part is misspelt in 35, of
these 7 of 10 by letters that sound alike in its language, the others by a slip on the keyboard; accents are lost in 60.
"""

import random
import re
import unicodedata
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

DATA = Path(__file__).parent / "data"
# Of a hundred children so many have names of each family.
SHARES = {"spanish": 55, "mayan": 15, "haitian": 15, "english": 7, "portuguese": 8}

_SPANISH = (
    "b>v v>b z>s s>z ce>se ci>si se>ce si>ci ll>y y>ll ^h> ge>je gi>ji je>ge ji>gi qu>k c(?=[aou])>k ñ>n i>y ú>u rr>r"
    " nn>n x>j ^j>y ^y>j m(?=[bp])>n"
)
_SOUNDS_ALIKE = {
    "spanish": _SPANISH,
    "mayan": _SPANISH + " k>c c(?=[aou])>k q>k qu>k x>sh x>ch tz>ts tz>z j>h aa>a b$>p ^ix>ish w>hu z$>s",
    "haitian": (
        "ro>wo r(?=[bcdflmnpst])> ch>sh ph>f th>t au>o eau>o ai>è ou>u ie$>i e$> d$> t$> s$> c(?=[aou])>k qu>k oi>wa"
        " ain>en in$>en an>en y>i ll>l nn>n ss>s é>e è>e"
    ),
    "english": "ph>f ck>k y>i ee>i th>t tt>t ll>l nn>n sh>ch ie>y c(?=[aou])>k gh> ea>e z>s ey$>y",
    "portuguese": "ç>s ç>ss ão>ao ão>am lh>ll lh>li nh>n nh>ñ z>s s>z x>ch ei>e ou>o y>i th>t ph>f ss>s",
}
_NEIGHBOURS = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnm",
        [
            "wa",
            "qes",
            "wrd",
            "etf",
            "ryg",
            "tuh",
            "yij",
            "uok",
            "ipl",
            "o",
            "qsz",
            "awdx",
            "sefc",
            "drgv",
            "fthb",
            "gyjn",
            "hukm",
            "jil",
            "ko",
            "asx",
            "zsdc",
            "xdfv",
            "cfgb",
            "vghn",
            "bhjm",
            "njk",
        ],
        strict=True,
    )
)


class Names:
    """Draw full names: common ones often, rare ones seldom, by the rank in their list."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - the same children each time
        mx, co, br, us, fr = map(_faker, ("es_MX", "es_CO", "pt_BR", "en_US", "fr_FR"))
        mayan = _lines("mayan_surnames.txt")
        haitian = [line.split(",")[0] for line in _lines("haitian_given_names.csv")]
        spanish = _mixed(mx[0], co[0])
        self.lists = {
            "spanish": (spanish, _mixed(mx[1], co[1])),
            "mayan": (spanish, _mixed(mayan, mx[1][:40])),
            # Family names of Haiti are often given names of France.
            "haitian": (_mixed(haitian, fr[0]), fr[0]),
            "english": (us[0], us[1]),
            "portuguese": (br[0], br[1]),
        }

    def one(self) -> tuple[str, str, str]:
        """Return the family of languages, the given names and the family names of an invented child."""
        tongue = self.chance.choices(list(SHARES), list(SHARES.values()))[0]
        given, family = self.lists[tongue]
        two_families = tongue not in ("haitian", "english")
        first = [self._draw(given)]
        if self.chance.random() < (0.6 if two_families else 0.4):
            first.append(self._draw(given))
        return tongue, " ".join(first), " ".join(self._draw(family) for _ in range(1 + two_families))

    def _draw(self, names: Sequence[str]) -> str:
        return names[min(int(len(names) * self.chance.random() ** 2), len(names) - 1)]


def spoilt(tongue: str, given: str, family: str, chance: random.Random) -> str:
    """Return a name as somebody else writes it down; never as it was."""
    while True:
        parts, rest = given.split(), family.split()
        ordered = rest + parts if chance.random() < 0.3 else parts + rest
        if len(ordered) >= 3 and chance.random() < 0.25:
            del ordered[chance.randrange(len(ordered))]
        written = " ".join(
            _misspelt(part, tongue, chance) if chance.random() < 0.35 else part for part in ordered
        )
        written = _plain(written) if chance.random() < 0.6 else written
        if written.casefold() != f"{given} {family}".casefold():
            return written


def _misspelt(part: str, tongue: str, chance: random.Random) -> str:
    if chance.random() < 0.7:
        rules = [rule.split(">") for rule in _SOUNDS_ALIKE[tongue].split()]
        chance.shuffle(rules)
        for old, new in rules:
            changed, times = re.subn(old, new, part.lower(), count=1)
            if times and changed and changed != part.lower():
                return changed.title()
    return _slip(part.lower(), chance).title()


def _slip(part: str, chance: random.Random) -> str:
    place = chance.randrange(len(part))
    kind = chance.randrange(4)
    if kind == 0 and len(part) > 3:
        return part[:place] + part[place + 1 :]
    if kind == 1:
        return part[:place] + part[place] * 2 + part[place + 1 :]
    if kind == 2 and place + 1 < len(part):
        return part[:place] + part[place + 1] + part[place] + part[place + 2 :]
    return part[:place] + chance.choice(_NEIGHBOURS.get(part[place], "e")) + part[place + 1 :]


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in spread if not unicodedata.combining(sign))


def _faker(locale: str) -> tuple[list[str], list[str]]:
    """Return Faker's given and family names of a country, in the order of its own list."""
    provider = import_module(f"faker.providers.person.{locale}").Provider
    given = _mixed(list(provider.first_names_female), list(provider.first_names_male))
    return given, [str(name) for name in dict.fromkeys(provider.last_names)]


def _mixed(*lists: list[str]) -> list[str]:
    """Take names from each list in turn, none twice."""
    longest = max(map(len, lists))
    return list(dict.fromkeys(one[place] for place in range(longest) for one in lists if place < len(one)))


def _lines(name: str) -> list[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
