"""Playbooks and texts that come with the house, for each industry. A venue takes them up and changes them.

Playbooks are worded in the language of the venue that takes them up; texts to customers come in both
languages, because a venue writes to each customer in theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interactions.models import Playbook
from staff.models import Industry, Role

Occasion = Playbook.Occasion


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A playbook to take up: its fields, and the industries that it is for (all when empty)."""

    slug: str
    name: str | Promise
    why: str | Promise
    fields: Mapping[str, Any]
    industries: frozenset[str] = field(default_factory=frozenset)

    def initial(self) -> dict[str, Any]:
        """The fields of a form, in the language of now."""
        words = {key: str(value) for key, value in self.fields.items() if isinstance(value, Promise)}
        return {**self.fields, **words, "name": str(self.name)}


@dataclass(frozen=True, slots=True)
class Text:
    """A text to customers in both languages, as an e-mail and short; {name} and {venue} are filled in."""

    slug: str
    name: str | Promise
    subject_en: str
    body_en: str
    subject_zh: str
    body_zh: str
    short_en: str
    short_zh: str


PLAYBOOKS: Final = (
    ReadyMade(
        "first-visit",
        _("Thank a first visit"),
        _("A word on the day after is remembered."),
        {
            "occasion": Occasion.FIRST_VISIT,
            "text": _("Thank them for their first visit, and ask what they would change"),
            "role": Role.FRONT_DESK,
            "due_days": 1,
        },
    ),
    ReadyMade(
        "birthday",
        _("Birthday"),
        _("Somebody thinks of it before it is over. An avoid that names it holds it."),
        {
            "occasion": Occasion.DATE,
            "date_kind": "birthday",
            "min_visits": 2,
            "text": _("Wish them a happy birthday"),
            "category": "birthday",
            "role": Role.CONCIERGE,
        },
    ),
    ReadyMade(
        "drifting",
        _("A regular who drifts away"),
        _("Twice their usual gap without a visit: soon enough to ask whether something was wrong."),
        {
            "occasion": Occasion.RHYTHM,
            "days": 14,
            "min_visits": 5,
            "text": _("Not seen for twice their usual gap: ask how they are"),
            "way": Playbook.Way.PHONE,
            "role": Role.CONCIERGE,
        },
    ),
    ReadyMade(
        "mended",
        _("A mended complaint, checked"),
        _("Two days after it was put right, unless whoever put it right owes the question already."),
        {
            "occasion": Occasion.MENDED,
            "days": 2,
            "text": _("Ask whether it is good now"),
            "role": Role.MANAGER,
        },
    ),
    ReadyMade(
        "low-score",
        _("A low score that nobody answered"),
        _("A day is long for who said that it was bad."),
        {
            "occasion": Occasion.LOW_SCORE,
            "days": 1,
            "text": _("Answer their low score"),
            "role": Role.MANAGER,
            "urgent": True,
        },
    ),
    ReadyMade(
        "patch-test",
        _("Patch test due"),
        _("Six months after the last one, before the next colour."),
        {
            "occasion": Occasion.HAD,
            "days": 180,
            "words": _("patch test"),
            "text": _("Their patch test has run out: offer a new one before the next colour"),
            "role": Role.FRONT_DESK,
        },
        frozenset({Industry.SALON}),
    ),
    ReadyMade(
        "no-show",
        _("An appointment that was missed"),
        _("The next morning, without reproach."),
        {
            "occasion": Occasion.NO_SHOW,
            "text": _("They did not come: ask whether all is well, and offer a new time"),
            "way": Playbook.Way.PHONE,
            "role": Role.FRONT_DESK,
            "due_days": 1,
        },
        frozenset({Industry.SALON, Industry.CLINIC, Industry.RESTAURANT, Industry.ADVISORY}),
    ),
    ReadyMade(
        "recall",
        _("Check-up due"),
        _("Six months after the last check-up, for who has not had another."),
        {
            "occasion": Occasion.HAD,
            "days": 182,
            "words": _("check-up"),
            "text": _("Their next check-up is due: offer an appointment"),
            "way": Playbook.Way.PHONE,
            "role": Role.FRONT_DESK,
        },
        frozenset({Industry.CLINIC}),
    ),
    ReadyMade(
        "annual-review",
        _("Annual review"),
        _("Two weeks before the year is round."),
        {
            "occasion": Occasion.YEARLY,
            "days": 14,
            "text": _("The annual review comes up: agree on a day"),
            "role": Role.CONCIERGE,
        },
        frozenset({Industry.ADVISORY, Industry.CLINIC, Industry.SALON}),
    ),
    ReadyMade(
        "beans-again",
        _("Beans for the next weeks"),
        _("Four weeks after a bag of beans, when it is nearly empty."),
        {
            "occasion": Occasion.HAD,
            "days": 28,
            "words": _("bag of beans"),
            "text": _("Their bag of beans will be empty soon: keep one back and say so"),
            "category": "coffee",
            "role": Role.FRONT_DESK,
        },
        frozenset({Industry.CAFE}),
    ),
    ReadyMade(
        "menu-again",
        _("A new menu since theirs"),
        _("Three months after a tasting menu, when there is another."),
        {
            "occasion": Occasion.HAD,
            "days": 90,
            "words": _("tasting menu"),
            "text": _("There is a new menu since their last one: ask whether we may keep a table"),
            "way": Playbook.Way.PHONE,
            "role": Role.FRONT_DESK,
        },
        frozenset({Industry.RESTAURANT}),
    ),
    ReadyMade(
        "stay-again",
        _("Their stay comes round"),
        _("Ten months after the last night: who comes every year books about now."),
        {
            "occasion": Occasion.HAD,
            "days": 300,
            "words": _("room"),
            "text": _("They stayed at this time last year: ask whether to keep a room"),
            "way": Playbook.Way.EMAIL,
            "role": Role.CONCIERGE,
        },
        frozenset({Industry.HOTEL}),
    ),
    ReadyMade(
        "service-again",
        _("Service due"),
        _("A year after the last service, before something breaks."),
        {
            "occasion": Occasion.HAD,
            "days": 365,
            "words": _("serviced"),
            "text": _("Their next service is due: offer a day"),
            "way": Playbook.Way.PHONE,
            "role": Role.FRONT_DESK,
        },
        frozenset({Industry.RETAIL}),
    ),
    ReadyMade(
        "papers-again",
        _("Papers to look through again"),
        _("Half a year after something was signed, while it can still be changed."),
        {
            "occasion": Occasion.HAD,
            "days": 182,
            "words": _("signed"),
            "text": _("Half a year since they signed: look the papers through with them again"),
            "way": Playbook.Way.PHONE,
            "role": Role.CONCIERGE,
        },
        frozenset({Industry.ADVISORY}),
    ),
    ReadyMade(
        "year-with-us",
        _("A year with us"),
        _("Once a year, on the day they first came."),
        {
            "occasion": Occasion.YEARLY,
            "min_visits": 3,
            "text": _("They first came on this day: say so when they next do"),
            "role": Role.FRONT_DESK,
        },
        frozenset({Industry.HOTEL, Industry.CAFE, Industry.RESTAURANT, Industry.RETAIL}),
    ),
    ReadyMade(
        "anniversary",
        _("Anniversary"),
        _("Two weeks ahead, time enough for a table or a room that suits."),
        {
            "occasion": Occasion.DATE,
            "date_kind": "anniversary",
            "days": 14,
            "text": _("Their anniversary is in two weeks: ask whether we may prepare something"),
            "category": "anniversary",
            "role": Role.CONCIERGE,
        },
        frozenset({Industry.HOTEL, Industry.RESTAURANT}),
    ),
    ReadyMade(
        "renewal",
        _("Renewal due"),
        _("A month before it runs out."),
        {
            "occasion": Occasion.DATE,
            "date_kind": "renewal",
            "days": 30,
            "text": _("Their renewal comes up in a month: talk it through"),
            "role": Role.CONCIERGE,
        },
        frozenset({Industry.ADVISORY}),
    ),
    ReadyMade(
        "new-purchase",
        _("A month with something new"),
        _("Whether it does what it should, while it can still be put right easily."),
        {
            "occasion": Occasion.FIRST_VISIT,
            "days": 30,
            "text": _("Ask how they get on with what they bought"),
            "way": Playbook.Way.EMAIL,
            "role": Role.FRONT_DESK,
        },
        frozenset({Industry.RETAIL}),
    ),
)  # fmt: skip

TEXTS: Final = (
    Text(
        "thanks",
        _("Thank you for your visit"),
        "Thank you for your visit",
        "Dear {name},\n\nthank you for coming to {venue}. It was good to meet you.\n\n"
        "If anything could have been better, just reply and tell us.",
        "感谢您的光临",
        "{name}您好：\n\n感谢您光临{venue}，很高兴认识您。\n\n如果有什么可以做得更好，直接回复告诉我们就好。",
        "Dear {name}, thank you for coming to {venue}. It was good to meet you.",
        "{name}您好，感谢您光临{venue}，很高兴认识您。",
    ),
    Text(
        "birthday",
        _("Happy birthday"),
        "Happy birthday from {venue}",
        "Dear {name},\n\nall of us at {venue} wish you a happy birthday.",
        "{venue}祝您生日快乐",
        "{name}您好：\n\n{venue}全体同事祝您生日快乐。",
        "Dear {name}, all of us at {venue} wish you a happy birthday.",
        "{name}您好，{venue}全体同事祝您生日快乐。",
    ),
    Text(
        "missed",
        _("We have missed you"),
        "We have missed you at {venue}",
        "Dear {name},\n\nwe have not seen you at {venue} for a while and hope that you are well.\n\n"
        "If something was not right last time, we would like to know.",
        "{venue}很久没见到您了",
        "{name}您好：\n\n有一阵子没在{venue}见到您了，希望一切都好。\n\n如果上次有什么不周到的地方，很想听您说说。",
        "Dear {name}, we have not seen you at {venue} for a while and hope that you are well.",
        "{name}您好，有一阵子没在{venue}见到您了，希望一切都好。",
    ),
    Text(
        "time-again",
        _("Time for an appointment"),
        "Time for your next appointment",
        "Dear {name},\n\nit is about time for your next appointment at {venue}. Reply or call us, "
        "and we will find a time that suits you.",
        "该约下一次了",
        "{name}您好：\n\n您在{venue}的下一次预约时间差不多到了。回复或致电我们，一起找个方便的时间。",
        "Dear {name}, it is about time for your next appointment at {venue}. Call us, and we find a time.",
        "{name}您好，您在{venue}的下一次预约时间差不多到了，欢迎致电我们约个方便的时间。",
    ),
)  # fmt: skip


def playbooks_for(industry: str) -> list[ReadyMade]:
    """Those that suit a venue of this industry."""
    return [each for each in PLAYBOOKS if not each.industries or industry in each.industries]


def playbook_named(slug: str) -> ReadyMade | None:
    """The ready-made playbook of this name."""
    return next((each for each in PLAYBOOKS if each.slug == slug), None)
