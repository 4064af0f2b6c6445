"""What was typed to find somebody goes into the right fields of a new customer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.entering import fields_of


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ("anna feldman", {"full_name": "Anna Feldman"}),
        ("ANNA FELDMAN", {"full_name": "Anna Feldman"}),
        ("Müller, Jürgen", {"full_name": "Jürgen Müller"}),
        ("anna 2nd", {"full_name": "Anna 2nd"}),
        ("iPhone mike", {"full_name": "iPhone mike"}),
        ("sarah o’brien", {"full_name": "Sarah O’Brien"}),
        ("shin'ichi kubo", {"full_name": "Shin'ichi Kubo"}),
        ("fiona mcdonald", {"full_name": "Fiona McDonald"}),
        ("pieter van den berg", {"full_name": "Pieter van den Berg"}),
        ("van der berg", {"full_name": "van der Berg"}),
        ("van nguyen", {"full_name": "Van Nguyen"}),
        ("jean-luc moreau", {"full_name": "Jean-Luc Moreau"}),
        ("wang 王小明", {"full_name": "Wang", "native_name": "王小明"}),
        ("김민준", {"native_name": "김민준"}),
        ("さくら", {"native_name": "さくら"}),
        ("мария иванова", {"full_name": "Мария Иванова"}),
        ("张伟13812345678", {"native_name": "张伟", "phone": "13812345678"}),
        ("１３８１２３４５６７８", {"phone": "13812345678"}),
        ("tel:+442079460123", {"phone": "+442079460123"}),
        ("Tel. 020 7946 0123", {"phone": "020 7946 0123"}),
        ("anna +44 (0)20 7946-0123", {"full_name": "Anna", "phone": "+44 (0)20 7946-0123"}),
        ("(020) 7946-0123 anna", {"full_name": "Anna", "phone": "(020) 7946-0123"}),
        ("Anna Feldman <anna@example.com>", {"full_name": "Anna Feldman", "email": "anna@example.com"}),
        ("anna 020 7946 0123 a@b.com", {"full_name": "Anna", "phone": "020 7946 0123", "email": "a@b.com"}),
        ("mailto:a@b.com", {"email": "a@b.com"}),
        ("12", {}),
        ("9" * 30, {}),
        ("💛 ???", {}),
    ],
)
def test_each_goes_where_it_belongs(typed: str, fields: dict[str, str]) -> None:
    assert fields_of(typed) == fields


@given(st.text(max_size=60))
def test_whatever_is_typed_gives_filled_fields_alone(typed: str) -> None:
    fields = fields_of(typed)

    assert fields.keys() <= {"full_name", "native_name", "phone", "email"}
    assert all(value and value == value.strip() for value in fields.values())
