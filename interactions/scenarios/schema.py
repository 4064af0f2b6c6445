"""The keys of a scenario file, section by section; the fields are those of the tables. Pure."""

from __future__ import annotations

from typing import Final

from interactions.scenarios.values import (
    Parser,
    between,
    choice,
    clock,
    day,
    either,
    hours,
    list_of,
    moment,
    money,
    name_of_row,
    names,
    record,
    text,
    trigger,
    words,
    yes_or_no,
    zone,
)  # fmt: skip

CHANNEL: Final = choice(
    "in_person", "phone", "email", "chat", "social", "web", also={"social media": "social", "e-mail": "email"}
)
ROLE: Final = choice("front_desk", "concierge", "manager", "owner")
DISCRETION: Final = choice(
    "say_aloud", "act_silently", "managers_only", also={"act on silently": "act_silently"}
)
OUTCOME: Final = choice("good", "neutral", "bad", also={"neither": "neutral"})
INDUSTRY: Final = choice(
    "hotel", "restaurant", "cafe", "salon", "clinic", "retail", "advisory",
    also={"café": "cafe", "shop": "retail", "spa": "salon", "bar": "restaurant", "adviser": "advisory",
        "advisers": "advisory"},
)  # fmt: skip
DAYPART: Final = choice(
    "morning",
    "midday",
    "afternoon",
    "evening",
    "night",
    also={"breakfast": "morning", "lunch": "midday", "dinner": "evening"},
)
ALLOWED: Final = choice("yes", "no", "unknown", also={"not asked": "unknown"})
ANSWER: Final = choice(
    "used", "still_true", "changed", "not_now", "done", "asked", "", also={"ignored": "", "none": ""}
)

VENUE: Final[dict[str, Parser]] = {
    "name": words, "industry": INDUSTRY, "time_zone": zone, "language": words,
    "slug": text, "business_day_starts": clock, "country": words, "currency": words,
}  # fmt: skip
AT_VENUE: Final = either(words, record(VENUE, needed=("name",)))
VIEWER: Final[dict[str, Parser]] = {
    "name": words, "role": ROLE, "badge_number": name_of_row, "language": words, "email": words,
}  # fmt: skip

CONTACT: Final[dict[str, Parser]] = {
    "id": name_of_row, "value": words, "label": text, "is_primary": yes_or_no,
    "kind": choice("phone", "email", "wechat", "whatsapp", "line", "instagram", "other",
        also={"e-mail": "email", "mobile": "phone", "telephone": "phone"}),
    "calls": ALLOWED, "sms": ALLOWED, "email": ALLOWED,
    "hours": hours, "hours_from": clock, "hours_until": clock, "normalised": text,
}  # fmt: skip
DATE: Final[dict[str, Parser]] = {
    "id": name_of_row, "label": text, "month": between(1, 12), "day": between(1, 31), "year": between(1880,
        2200),
    "kind": choice(
        "birthday", "anniversary", "child_birthday", "name_day", "membership", "renewal", "other",
        also={"child's birthday": "child_birthday"},
    ),
    "calendar": choice("gregorian", "lunar", also={"chinese": "lunar", "chinese lunar": "lunar",
        "solar": "gregorian"}),
}  # fmt: skip
RELATIONSHIP: Final[dict[str, Parser]] = {
    "id": name_of_row, "name": words, "note": text,
    "kind": choice("partner", "child", "parent", "assistant", "friend", "colleague", "carer", "pet", "other",
        also={"dog": "pet", "cat": "pet", "wife": "partner", "husband": "partner", "spouse": "partner",
            "son": "child", "daughter": "child", "mother": "parent", "father": "parent"}),
    "customer": between(0, 10**4), "to": between(0, 10**4),
}  # fmt: skip
PREFERENCE: Final[dict[str, Parser]] = {
    "id": name_of_row, "category": text, "value": words, "detail": text,
    "kind": choice("safety", "need", "like", "dislike", "avoid", "style", "topic"),
    "severity": choice("severe", "moderate", "mild", "ask", also={"ask every time": "ask"}),
    "status": choice("stated", "observed", "confirmed", "expired", "refuted"),
    "discretion": DISCRETION, "venue": AT_VENUE, "channels": list_of(CHANNEL), "dayparts": list_of(DAYPART),
    "valid_from": day, "valid_until": day, "half_life_days": between(1, 10**5),
    "recorded_by": words, "recorded_at": moment, "source": name_of_row, "source_interaction": name_of_row,
    "confirmed_by": words, "confirmed_at": moment, "supersedes": name_of_row,
    "retired_at": moment, "retired_by": words, "retired_why": text, "why": text,
}  # fmt: skip
ITEM: Final = either(
    record({"name": words, "quantity": between(1, 1000), "price": money}, needed=("name",)),
    lambda at, value: {"name": words(at, value)},
)
INTERACTION: Final[dict[str, Parser]] = {
    "id": name_of_row, "at": moment, "occurred_at": moment, "channel": CHANNEL, "venue": AT_VENUE,
    "staff": words,
    "kind": choice(
        "visit", "call", "message", "request", "compliment", "complaint", "gesture", "no_show", "feedback",
        "handover", "note",
    ),
    "summary": text, "words": text, "outcome": OUTCOME, "amount": money, "discretion": DISCRETION,
    "party": either(between(1, 1000), names), "party_size": between(1, 1000), "companions": list_of(words),
    "items": list_of(ITEM), "source": text, "external_id": text,
}  # fmt: skip
CASE_STATE: Final = choice(
    "heard", "owned", "promised", "resolved", "checked", "closed", also={"done": "resolved"}
)
COMPLAINT: Final[dict[str, Parser]] = {
    "id": name_of_row, "about": words, "words": text, "venue": AT_VENUE, "interaction": name_of_row,
    "category": choice(
        "wait", "quality", "noise", "cleanliness", "staff_manner", "billing", "booking", "product_fault",
        "privacy", "other",
    ),
    "severity": choice("minor", "serious", "grave", also={"mild": "minor", "moderate": "serious",
        "severe": "grave"}),
    "state": CASE_STATE, "opened_at": moment, "opened_by": words, "owner": words, "promised": text,
    "due_at": moment,
    "resolved_at": moment, "checked_at": moment, "closed_at": moment, "reaction": OUTCOME, "offered": text,
    "cost": money, "root_cause": text, "changed": text,
    "steps": list_of(record({"state": CASE_STATE, "at": moment, "by": words, "note": text, "words": text})),
}  # fmt: skip
FOLLOW_UP: Final[dict[str, Parser]] = {
    "id": name_of_row, "text": words, "category": text, "due_at": moment, "on": trigger, "venue": AT_VENUE,
    "kind": choice("promise", "reminder", "gesture", "date", "playbook", "recovery"),
    "owner": words, "role": ROLE, "urgent": yes_or_no, "recurrence": text, "outcome": text,
    "ended_at": moment,
    "state": choice("open", "done", "cancelled", also={"canceled": "cancelled"}),
    "origin": choice("manual", "playbook", "complaint", "capture", "import"),
    "complaint": name_of_row, "interaction": name_of_row, "created_at": moment, "created_by": words,
}  # fmt: skip
VISIT: Final[dict[str, Parser]] = {
    "id": name_of_row, "expected_at": moment, "arrived_at": moment, "left_at": moment, "venue": AT_VENUE,
    "state": choice("expected", "arrived", "left", "no_show", "cancelled", also={"canceled": "cancelled"}),
    "party": either(between(1, 1000), names), "party_size": between(1, 1000), "companions": list_of(words),
    "note": text, "occasion": text, "interaction": name_of_row,
}  # fmt: skip
FEEDBACK: Final[dict[str, Parser]] = {
    "id": name_of_row, "at": moment, "scale": choice("csat", "nps"), "score": between(0, 10), "words": text,
    "answered": yes_or_no, "answered_at": moment, "answered_by": words, "recorded_by": words,
    "interaction": name_of_row, "venue": AT_VENUE,
}  # fmt: skip
LOAN: Final[dict[str, Parser]] = {
    "id": name_of_row, "what": words, "lent_at": moment, "lent_by": words, "due_at": moment,
    "venue": AT_VENUE,
    "returned": yes_or_no, "returned_at": moment, "returned_to": words,
}  # fmt: skip
SHOWN: Final[dict[str, Parser]] = {
    "id": name_of_row, "cue_of": name_of_row, "cue": name_of_row, "cue_key": name_of_row, "answer": ANSWER,
    "at": moment, "shown_at": moment, "answered_at": moment, "by": words, "kind": text,
    "lane": choice("safety", "owed", "must", "today", "moment", "verify"),
}  # fmt: skip

CUSTOMER: Final[dict[str, Parser]] = {
    "id": name_of_row, "name": words, "full_name": text, "preferred_name": text, "native_name": text,
    "pronunciation": text, "form_of_address": text, "language": text, "birth_year": between(1880, 2100),
    "home_venue": AT_VENUE, "company": text, "aliases": list_of(words), "tags": list_of(words),
    "status": choice("active", "archived"), "visit_count": between(0, 10**6), "first_visit_at": moment,
    "last_visit_at": moment,
    "contacts": list_of(record(CONTACT, needed=("kind", "value"))),
    "dates": list_of(record(DATE, needed=("kind", "month", "day"))),
    "relationships": list_of(record(RELATIONSHIP, needed=("kind",))),
    "preferences": list_of(record(PREFERENCE, needed=("kind", "value"))),
    "interactions": list_of(record(INTERACTION)),
    "complaints": list_of(record(COMPLAINT, needed=("about", "opened_at"))),
    "follow_ups": list_of(record(FOLLOW_UP, needed=("text",))),
    "visits": list_of(record(VISIT)),
    "feedback": list_of(record(FEEDBACK, needed=("at", "score"))),
    "loans": list_of(record(LOAN, needed=("what",))),
    "card_history": list_of(record(SHOWN)),
}  # fmt: skip

CUE: Final = record(
    {
        "lane": choice("safety", "owed", "must", "today", "moment", "verify"),
        "kind": text, "mentions": names, "ask": yes_or_no, "acknowledge": yes_or_no,
    }
)  # fmt: skip
EXPECT: Final[dict[str, Parser]] = {
    "safety": list_of(CUE), "cues": list_of(CUE), "first": CUE, "last": CUE,
    "cues_count": between(0, 3), "folded_count": between(0, 10**4),
    **dict.fromkeys(
        ("not_first", "cues_mention", "folded_mentions", "greeting_mentions", "anywhere", "absent",
            "held"), names
    ),
    **dict.fromkeys(("allowed", "refused"), names),
}  # fmt: skip

SCENARIO: Final[dict[str, Parser]] = {
    "name": text, "why": text, "now": moment, "venue": record(VENUE),
    "viewer": record(VIEWER), "channel": CHANNEL, "unavailable": list_of(words),
    "customers": list_of(record(CUSTOMER)), "expect": record(EXPECT),
}  # fmt: skip
