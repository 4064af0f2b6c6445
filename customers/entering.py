"""What was typed to find somebody, in the fields of a new customer that it belongs in. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from customers.phones import MAX_DIGITS, MIN_DIGITS, digits

_ADDRESS: Final = re.compile(r"(?:mailto:)?([^\s<>,;:()\"@]+@[^\s<>,;:()\"@]*)", re.IGNORECASE)
_SAID_BEFORE: Final = r"(?:\b(?:tel|phone|ph|mob|mobile|call)\b[.:]?|电话|手机)?"
_NUMBER: Final = re.compile(
    rf"{_SAID_BEFORE}[:：]?\s*(?<![A-Za-z\d+])(\(?\+?\(?\d[\d\s()\[\]./\-\u2010-\u2015\u2212]*\d)(?![A-Za-z\d])",
    re.IGNORECASE,
)
# Chinese characters, kana and Hangul: a name in its own script.
_EAST_ASIAN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
_EMPTY_MARKS: Final = " \t,;:<>()[]\"'?!*#"
# Words that begin a surname and are written small.
_PARTICLES: Final = "van der den ter ten von zu zur de del della di da la las los du dos das y e bin ibn"
_SMALL: Final = frozenset(_PARTICLES.split())
# One letter and an apostrophe belong to the name that follows: O'Brien, and not Shin'Ichi.
_INITIAL_LETTER: Final = re.compile(r"(?<![^\W_])(?<!\w['’ʼ`])[^\W\d_]|(?<=\b\w['’ʼ`])[^\W\d_]")


def fields_of(text: str) -> dict[str, str]:
    """The name, the native name, the number and the e-mail address that somebody typed, those there are."""
    text = unicodedata.normalize("NFKC", text)
    text, email = _taken_out(_ADDRESS, text)
    text, phone = _taken_out(_NUMBER, text)
    words = [word for word in _in_order(text).split() if any(map(str.isalpha, word))]
    native = " ".join(word for word in words if _EAST_ASIAN.search(word))
    name = " ".join(word for word in words if not _EAST_ASIAN.search(word))
    found = {"full_name": _as_a_name(name), "native_name": native, "phone": phone, "email": email}
    return {field: value for field, value in found.items() if value}


def _taken_out(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """The text without what fits the pattern, and that."""
    for match in pattern.finditer(text):
        found = match.group(1).strip()
        if pattern is _ADDRESS or MIN_DIGITS <= len(digits(found)) <= MAX_DIGITS:
            return f"{text[: match.start()]} {text[match.end() :]}", found
    return text, ""


def _in_order(text: str) -> str:
    """The words of a name; of "Müller, Jürgen" the given name first."""
    parts = [part.strip(_EMPTY_MARKS) for part in text.split(",")]
    parts = [part for part in parts if part]
    return " ".join(reversed(parts) if len(parts) == 2 and " " not in parts[0] else parts)


def _as_a_name(name: str) -> str:
    """A name typed without care for capitals, with them."""
    if not (name.islower() or (name.isupper() and len(name) > 3)):
        return name
    words = name.lower().split()
    # As the first word only before another such: van der Berg, but Van Nguyen.
    begins = len(words) > 1 and words[1] in _SMALL
    small = [word in _SMALL and (begins or place > 0) for place, word in enumerate(words)]
    return " ".join(
        word if is_small else _capitalised(word) for word, is_small in zip(words, small, strict=True)
    )


def _capitalised(word: str) -> str:
    word = _INITIAL_LETTER.sub(lambda letter: letter.group().upper(), word)
    return f"Mc{word[2:].capitalize()}" if word.startswith("Mc") and len(word) > 4 else word
