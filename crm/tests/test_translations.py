"""Words to translate are found where they stand, merged without loss, and every fault is told."""

from __future__ import annotations

import gettext
from pathlib import Path

import polib
import pytest

from crm import translations

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
_("Good morning")
ngettext("%(count)d guest", "%(count)d guests", 2)
pgettext_lazy("the month", "May")
"""
PAGE = """
{% load i18n %}
  {% translate "Good morning" %}
    {% blocktranslate count n=guests|length %}{{ n }} chair{% plural %}{{ n }} chairs{% endblocktranslate %}
{# Translators: said at the door #}
<p title="{% translate 'Good-bye' %}">don't</p>
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A small project: one Python file, one page, and a test whose words are nobody's business.

    It lies in a folder called tests itself: only what is inside counts.
    """
    project = tmp_path / "tests"
    (project / "app" / "tests").mkdir(parents=True)
    (project / "app" / "views.py").write_text(CODE)
    (project / "app" / "page.html").write_text(PAGE)
    (project / "app" / "tests" / "test_views.py").write_text('_("Only in a test")')
    return project


@pytest.fixture
def chinese() -> polib.POFile:
    """A catalogue with one plural form, as Chinese has."""
    catalogue = polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return catalogue


def test_words_are_found_in_code_and_pages(base: Path) -> None:
    used = translations.words_in_use(base, ["app"])
    assert {(entry.msgid, entry.msgid_plural, entry.msgctxt) for entry in used} == {
        ("Good morning", "", None),
        ("%(count)d guest", "%(count)d guests", None),
        ("May", "", "the month"),
        ("%(n)s chair", "%(n)s chairs", None),
        ("Good-bye", "", None),
    }
    greeting = used.find("Good morning")
    assert greeting is not None
    assert [place for place, _ in greeting.occurrences] == ["app/page.html", "app/views.py"]


def test_a_merge_keeps_what_is_translated_and_drops_what_is_gone(base: Path, chinese: polib.POFile) -> None:
    used = translations.words_in_use(base, ["app"])
    chinese.append(polib.POEntry(msgid="Good morning", msgstr="早上好"))
    chinese.append(polib.POEntry(msgid="Good evening", msgstr="晚上好"))
    translations.merge(chinese, used)
    texts = {entry.msgid: entry for entry in chinese}
    assert texts["Good morning"].msgstr == "早上好"
    assert "Good evening" not in texts
    assert texts["%(count)d guest"].msgstr_plural == {0: ""}
    assert texts["%(count)d guest"].flags == ["python-format"]
    assert len(chinese) == len(used)


def test_every_fault_is_told(base: Path, chinese: polib.POFile) -> None:
    used = translations.words_in_use(base, ["app"])
    translations.merge(chinese, used)
    assert all("not translated" in fault for fault in translations.faults(chinese, used))
    for entry in chinese:
        entry.msgstr = "" if entry.msgid_plural else "好"
        entry.msgstr_plural = {0: "好"} if entry.msgid_plural else {}
    assert list(translations.faults(chinese, used)) == []

    chinese[0].flags.append("fuzzy")
    gone = chinese.pop()
    chinese.append(polib.POEntry(msgid="Old", msgstr="旧"))
    chinese.append(polib.POEntry(msgid="Older", msgstr="更旧", obsolete=True))
    assert {fault.split(":")[0] for fault in translations.faults(chinese, used)} == {
        "missing",
        "no longer used",
        "doubtful (fuzzy)",
        "left over",
    }
    assert any(repr(gone.msgid) in fault for fault in translations.faults(chinese, used))


def test_a_catalogue_is_compiled_when_it_has_changed(tmp_path: Path, chinese: polib.POFile) -> None:
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    chinese.append(polib.POEntry(msgid="Good morning", msgstr="早上好"))
    chinese.save(str(folder / "django.po"))
    assert translations.compile_catalogues(tmp_path) == 1
    assert translations.compile_catalogues(tmp_path) == 0
    assert gettext.translation("django", tmp_path, ["zh_Hans"]).gettext("Good morning") == "早上好"
