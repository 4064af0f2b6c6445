"""What touches what, in both scripts; in doubt it does."""

from __future__ import annotations

import pytest

from interactions.cues.touches import alike, matters, opposes, ruled_out, touches
from interactions.tests.cues.dossiers import fact


@pytest.mark.parametrize(
    ("kind", "category", "value", "offer"),
    [
        ("avoid", "alcohol", "No alcohol", "Send a bottle of wine to the room"),
        ("avoid", "", "Please no champagne", "Welcome prosecco"),
        ("safety", "tree nuts", "Tree nut allergy", "Amaretti with the coffee"),
        ("safety", "peanut", "Peanut allergy", "Chicken satay for the table"),
        ("safety", "", "Shellfish brings hives", "Paella tasting"),
        ("safety", "milk", "Lactose intolerance", "A flat white on the house"),
        ("safety", "坚果", "坚果过敏", "送一份杏仁豆腐"),
        ("safety", "甲壳类", "海鲜过敏", "小龙虾一份"),
        ("avoid", "", "不喝酒", "送一瓶红葡萄酒"),
        ("avoid", "", "不要提离婚", "聊聊离婚的事"),
        ("avoid", "quiet celebration", "No singing", "Bring the cake with candles and sing"),
        ("avoid", "photographs", "No photos", "Post a selfie with them on Instagram"),
        ("need", "vegetarian", "Vegetarian", "Steak dinner for two"),
        ("need", "halal", "清真", "红酒与火腿"),
        ("safety", "fragrance-free", "Asthma from perfume", "A bouquet of lilies"),
    ],
)
def test_it_touches(kind: str, category: str, value: str, offer: str) -> None:
    assert touches(fact(1, kind, value, category=category), offer)


@pytest.mark.parametrize(
    ("kind", "category", "value", "offer"),
    [
        ("avoid", "alcohol", "No alcohol", "A slice of lemon cake"),
        ("safety", "peanut", "Peanut allergy", "Oat milk on the house"),
        ("safety", "tree nuts", "Tree nut allergy", "Ginger beer"),
        ("avoid", "alcohol", "No alcohol", "Sparkling water"),
        ("dislike", "cake", "Cake", "Flat white"),
        ("need", "step-free", "Ramp at the side door", "Flat white"),
        ("like", "tea", "Earl Grey, no milk", "Cheese plate"),
    ],
)
def test_it_does_not_touch(kind: str, category: str, value: str, offer: str) -> None:
    assert not touches(fact(1, kind, value, category=category), offer)


def test_the_same_category_touches() -> None:
    assert touches(fact(1, "avoid", "Never by the door", category="Seating"), "Offer the terrace", "seating")


def test_a_habit_is_only_opposed_by_what_is_named() -> None:
    avoid = fact(1, "avoid", "Not near the coffee machine", category="seating")
    assert not opposes(avoid, "Window table")
    assert opposes(fact(1, "avoid", "No coffee", category="caffeine"), "Flat white")
    assert opposes(fact(1, "dislike", "Coriander"), "Coriander soup")
    assert opposes(fact(1, "safety", "Nuts"), "Almond croissant")
    assert not opposes(fact(1, "safety", "Lactose", category="milk"), "Oat flat white")


def test_plant_milk_is_not_milk_but_what_it_is_made_of() -> None:
    assert matters("Almond milk latte") == {"tree nuts", "caffeine"}
    assert "gluten cereals" in matters("燕麦拿铁")
    assert "milk" not in matters("燕麦拿铁")


def test_a_diet_rules_out_and_a_way_of_serving_does_not() -> None:
    assert "meat" in ruled_out(fact(1, "need", "Vegan", category=""))
    assert ruled_out(fact(1, "like", "No coriander")) == {"coriander"}
    assert ruled_out(fact(1, "like", "Earl Grey, no milk", category="tea")) == set()


def test_the_same_story_in_other_words() -> None:
    assert alike("Soup was served cold", "Again the soup came out cold and late")
    assert alike("等了四十分钟才上菜", "又等了很久才上菜")
    assert not alike("Soup was served cold", "The bill was wrong")
    assert not alike("", "")
