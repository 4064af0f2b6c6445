"""The words of the house in other languages: found, merged and compiled with no gettext to install."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib

# What Babel is to look for: a function's name, and which argument is what.
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# What msgfmt and translators have to keep as it is.
PLACEHOLDER = re.compile(r"%(\(\w+\))?[sd]")


def compile_catalogues(locale: Path) -> int:
    """Compile every .po file that is newer than its .mo; how many were."""
    compiled = 0
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        partial = target.with_suffix(f".{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(partial))
        partial.rename(target)
        compiled += 1
    return compiled


def words_in_use(base: Path, folders: list[str]) -> polib.POFile:
    """Every translatable text in the Python files and templates of these folders, with where it stands."""
    found = polib.POFile(wrapwidth=110)
    for path in _sources(base, folders):
        for entry in _words_of(path):
            known = found.find(entry.msgid, msgctxt=entry.msgctxt or False)
            entry.occurrences = [(path.relative_to(base).as_posix(), "")]
            if known is None:
                found.append(entry)
            elif entry.occurrences[0] not in known.occurrences:
                known.occurrences += entry.occurrences
                known.msgid_plural = known.msgid_plural or entry.msgid_plural
    return found


def merge(catalogue: polib.POFile, used: polib.POFile) -> None:
    """Bring a catalogue up to date: new texts empty, texts no longer used dropped, translations kept."""
    kept = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    plural_forms = _plural_count(catalogue)
    catalogue.clear()
    for entry in sorted(used, key=lambda entry: (entry.occurrences[0], entry.msgid)):
        old = kept.get(_key(entry))
        fresh = polib.POEntry(
            msgid=entry.msgid,
            msgid_plural=entry.msgid_plural,
            msgctxt=entry.msgctxt,
            occurrences=entry.occurrences,
        )
        fresh.flags = list(dict.fromkeys([*entry.flags, *(old.flags if old else [])]))
        fresh.comment = entry.comment
        if entry.msgid_plural:
            empty = dict.fromkeys(range(plural_forms), "")
            fresh.msgstr_plural = empty | (old.msgstr_plural if old else {})
        else:
            fresh.msgstr = old.msgstr if old else ""
        catalogue.append(fresh)


def faults(catalogue: polib.POFile, used: polib.POFile) -> Iterator[str]:
    """What is wrong with a catalogue, in words: missing, left over, untranslated or doubtful texts."""
    have = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    need = {_key(entry): entry for entry in used}
    for key, entry in need.items():
        if key not in have:
            yield f"missing: {entry.msgid!r} ({entry.occurrences[0][0]})"
    for key, entry in have.items():
        if key not in need:
            yield f"no longer used: {entry.msgid!r}"
        elif entry.fuzzy:
            yield f"doubtful (fuzzy): {entry.msgid!r}"
        elif not entry.translated():
            yield f"not translated: {entry.msgid!r} ({need[key].occurrences[0][0]})"
    yield from (f"left over: {entry.msgid!r}" for entry in catalogue.obsolete_entries())


def _sources(base: Path, folders: list[str]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((base / folder).rglob("*")):
            inside = path.relative_to(base).parts  # the folder that the house lies in may be called anything
            if path.suffix in {".html", ".txt", ".py"} and not {"tests", "migrations"} & set(inside):
                yield path


def _words_of(path: Path) -> Iterator[polib.POEntry]:
    """The texts of one file, as catalogue entries without a place."""
    # Babel is there for development only; the house itself never looks for words.
    from babel.messages.extract import extract
    from django.utils.translation.template import templatize

    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django turns a template into something like Python; its indentation means nothing.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, comment_tags=["Translators:"])
    for _, message, comments, context in found:
        forms = message if isinstance(message, tuple) else (message,)
        entry = polib.POEntry(msgid=forms[0], msgctxt=context, comment="\n".join(comments))
        if len(forms) > 1:
            entry.msgid_plural = forms[1]
        if any(PLACEHOLDER.search(form) for form in forms):
            entry.flags = ["python-format"]
        yield entry


def _key(entry: polib.POEntry) -> tuple[str, str | None]:
    return entry.msgid, entry.msgctxt or None


def _plural_count(catalogue: polib.POFile) -> int:
    header = catalogue.metadata.get("Plural-Forms", "nplurals=2;")
    return int(header.split("nplurals=")[1].split(";")[0])
