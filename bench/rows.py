"""Say a measurement as a row: what, ours, the peer's, the ratio, and what the peer is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measurement; `peer` and `ratio` are empty where nothing comparable ran beside it."""

    what: str
    ours: str
    peer: str = ""
    ratio: str = ""
    about: str = ""


def compared(what: str, ours: float, peer: float, unit: str, about: str, *, places: int = 1) -> Row:
    """Return a row of two figures that were measured in the same run; ratio is ours to the peer's."""
    mine, theirs = (f"{figure:,.{places}f} {unit}".rstrip() for figure in (ours, peer))
    return Row(what, mine, theirs, f"{ours / peer:.2f}" if peer else "", about)


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| what | ours | peer | ratio | the peer, and how it was measured |", "|---|---|---|---|---|"]
    lines += [f"| {row.what} | {row.ours} | {row.peer} | {row.ratio} | {row.about} |" for row in rows]
    return "\n".join(lines) + "\n"
