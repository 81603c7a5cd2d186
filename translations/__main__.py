"""`make translations`: brings every catalogue up to date and says what is still to be translated."""

from __future__ import annotations

import sys

import click

from translations import languages, po_path, read, untranslated, update


def main() -> int:
    """1 as long as a sentence has no translation."""
    missing = 0
    for language in languages():
        missing += update(language)
        for sentence in untranslated(read(language)):
            click.echo(f"{po_path(language).name} ({language}): {sentence}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
