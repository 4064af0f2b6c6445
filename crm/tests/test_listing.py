"""Lists within a sentence, in each language."""

import pytest
from django.template import Context, Template
from django.utils import translation

TEMPLATE = "{% load listing %}{{ names|listed }}"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Ann, &lt;b&gt; &amp; Co"), ("zh-hans", "Ann、&lt;b&gt; &amp; Co")]
)
def test_parted_as_the_language_parts_and_escaped(language: str, said: str) -> None:
    with translation.override(language):
        assert Template(TEMPLATE).render(Context({"names": ["Ann", "<b> & Co"]})) == said


def test_plain_text_stays_as_it_is() -> None:
    assert Template(TEMPLATE).render(Context({"names": ["A & B"]}, autoescape=False)) == "A & B"
