"""Compile an instrument from the command line and name every defect by sheet, row and reason.

Exit codes: 0 well, 1 the form is refused, 2 the file cannot be read or written. Writes all or nothing.
"""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from amparo.forms.compile import Compiled, compile_instrument
from amparo.forms.defects import InstrumentRefused
from amparo.forms.packaged import release_defects

WELL, REFUSED, BAD_INPUT = 0, 1, 2


def add_arguments(parser: ArgumentParser) -> None:
    """Declare `amparo forms compile FORM [--lint] [--out FILE]`."""
    commands = parser.add_subparsers(dest="command", metavar="compile", required=True)
    compiling = commands.add_parser("compile", help="compile a spreadsheet or a text instrument to an XForm")
    compiling.add_argument("form", type=Path, metavar="FORM", help="a file: .xlsx, .xls or .yaml")
    compiling.add_argument("--lint", action="store_true", help="hold it to the rules of our own instruments")
    compiling.add_argument(
        "--out", type=Path, metavar="FILE", help="where to write the XForm; else it is only checked"
    )


def run(arguments: Namespace) -> int:
    """Compile, print what was found, and return the exit code."""
    try:
        content = arguments.form.read_bytes()
    except OSError as error:
        return _say(BAD_INPUT, f"{arguments.form}: cannot be read ({error.strerror or 'unknown reason'}).")
    name = arguments.form.name
    try:
        compiled = compile_instrument(content, name=name, own=True if arguments.lint else None)
    except InstrumentRefused as refused:
        return _say(REFUSED, *(f"{name}: {defect}" for defect in refused.defects))
    changed = release_defects(compiled) if arguments.lint else []
    if changed:
        return _say(REFUSED, *(f"{name}: {defect}" for defect in changed))
    return _deliver(compiled, arguments.out)


def _deliver(compiled: Compiled, out: Path | None) -> int:
    if out is not None:
        part = out.with_name(f"{out.name}.part")
        try:
            part.write_bytes(compiled.xform)
            part.replace(out)
        except OSError as error:
            return _say(BAD_INPUT, f"{out}: cannot be written ({error.strerror or 'unknown reason'}).")
    _summarise(compiled)
    return WELL


def _summarise(compiled: Compiled) -> None:
    print(f"{compiled.form_id} version {compiled.version}: {len(compiled.xform)} bytes, md5:{compiled.md5}")
    print(f"languages: {', '.join(compiled.languages) or 'one, unnamed'}")
    if compiled.unreviewed:
        print(f"not reviewed by a native specialist: {', '.join(compiled.unreviewed)}")
    for file in compiled.media:
        print(f"needs {file.name}{'' if file.content is not None else ' (to be supplied)'}")
    for warning in compiled.warnings:
        print(f"warning: {warning.splitlines()[0]}", file=sys.stderr)


def _say(code: int, *lines: str) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return code
