"""Name what can go wrong with keys, one class for each thing a person can put right."""

from amparo.base.seal import SealBroken


class KeysTrouble(Exception):
    """The keys of this node cannot be used now; nothing was opened, and the message says what to do."""


class KeysMissing(KeysTrouble):
    """There is no file with the keys that wrap."""


class KeysUnusable(KeysTrouble):
    """The file with the keys that wrap is unsafe, or is not one that this software wrote."""


class KeyProcessAway(KeysTrouble):
    """The key process does not answer: it is not running, is busy, or went away in the middle."""


class KeyLogUnwritable(KeysTrouble):
    """The holder of the keys cannot write down who asks, and therefore gives no key."""


class LedgerWrong(KeysTrouble):
    """The ledger of what was erased was touched or cannot be written."""


class NotAllowedHere(KeysTrouble):
    """The key process does not do this for the account that asks."""


class TooManyCases(Exception):
    """This asker opened as many cases as one may in a minute."""


class KeyErased(Exception):
    """The key of this record was destroyed because the record was erased; nobody opens it again."""


class WrongKey(SealBroken):
    """None of the keys held here opens this wrapped key: it is of another node, another record, or was changed."""
