"""How words are brought to one spelling before they are compared. Pure.

Everything that is indexed and everything that is typed goes through `fold`, so that case, accents,
apostrophes, full-width letters and scripts other than Latin and Chinese make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from anyascii import anyascii

# Marks that people type in a name or leave out: O'Brien and OBrien are one spelling.
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'’‘ʼʻ`´′"))
_WORD: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[^\W_\u3400-\u9fff\U00020000-\U0003ffff]+")
# The same in a text as it is written, with the marks left in, so that places in it can be told.
WORD_AS_WRITTEN: Final = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffff]+"
    r"|[^\W_\u3400-\u9fff\U00020000-\U0003ffff]+(?:['’‘ʼʻ`´′][^\W_\u3400-\u9fff\U00020000-\U0003ffff]+)*"
)
_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
# How letters are written by people whose keyboard lacks them: Müller is Muller or Mueller.
_EXPANDED: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})

# Characters common in names that Taiwan and Hong Kong write in the traditional way.
_TRADITIONAL: Final = (
    "張陳劉黃楊趙吳孫馬羅鄭謝韓馮於蕭許鄧葉蘇呂蔣餘盧賈陸鄒譚閻龍錢湯賴龔顧邵萬湯嚴覃溫蘭聶歐嶽齊莊顏倪嚴"
    "華國偉麗強軍傑濤豔飛麗娟蘭鳳玲瓊輝鵬寧慶東瑋鈺鑫錦長興榮貴寶紅衛學義雲豐鴻鐵鋒鋼銘銳驍駿騰龍夢曉嬌婭"
    "鶯鴿純綺緯緒維綱綠練縱績贊賢賓質讓誠謙詩語諾諸談調論議運達遠進連遷選適鄉醫釋鍾陽陰隱靜頌領頤風馨騫鳴麥黨齡"
)
_SIMPLIFIED: Final = (
    "张陈刘黄杨赵吴孙马罗郑谢韩冯于萧许邓叶苏吕蒋余卢贾陆邹谭阎龙钱汤赖龚顾邵万汤严覃温兰聂欧岳齐庄颜倪严"
    "华国伟丽强军杰涛艳飞丽娟兰凤玲琼辉鹏宁庆东玮钰鑫锦长兴荣贵宝红卫学义云丰鸿铁锋钢铭锐骁骏腾龙梦晓娇娅"
    "莺鸽纯绮纬绪维纲绿练纵绩赞贤宾质让诚谦诗语诺诸谈调论议运达远进连迁选适乡医释钟阳阴隐静颂领颐风馨骞鸣麦党龄"
)
_SIMPLER: Final = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def is_han(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return bool(_HAN.search(text))


def tokens(text: str) -> list[str]:
    """The words of a text as written, lower case, runs of Chinese characters apart from the rest.

    Apostrophes are dropped; hyphens and every other mark part words.
    """
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES))


@lru_cache(maxsize=50_000)
def fold(token: str) -> str:
    """One word in plain lower-case ASCII, or in simplified characters when it is Chinese. May be empty."""
    if is_han(token):
        return token.translate(_SIMPLER)
    # NFKC first joins letter and accent, so that anyascii sees the letter it knows.
    return "".join(c for c in anyascii(unicodedata.normalize("NFKC", token)).casefold() if c.isalnum())


@lru_cache(maxsize=20_000)
def spellings(token: str) -> tuple[str, ...]:
    """Every plain spelling of one word: with its accents dropped, and with them written out."""
    plain = fold(token)
    spelt_out = fold(unicodedata.normalize("NFC", token).translate(_EXPANDED))
    return tuple(dict.fromkeys(word for word in (plain, spelt_out) if word))


def folded_words(text: str) -> list[str]:
    """The words of a text, each in its first plain spelling."""
    return [word for word in map(fold, tokens(text)) if word]


@lru_cache(maxsize=50_000)
def spans_of(text: str) -> tuple[tuple[int, int, str], ...]:
    """Where each word of a text starts and ends, and the word folded."""
    runs = WORD_AS_WRITTEN.finditer(text)
    found = ((run.start(), run.end(), fold(run.group().casefold().translate(_APOSTROPHES))) for run in runs)
    return tuple((start, end, word) for start, end, word in found if word)
