"""Who we serve and what we remember of them."""

from customers.models.contact import Allowed, ContactPoint
from customers.models.customer import Customer, CustomerQuerySet
from customers.models.people import ImportantDate, Relationship
from customers.models.preference import Confirmation, Preference, PreferenceQuerySet
from customers.models.search import TIERS, NameStart, SearchKeys

__all__ = [
    "TIERS",
    "Allowed",
    "Confirmation",
    "ContactPoint",
    "Customer",
    "CustomerQuerySet",
    "ImportantDate",
    "NameStart",
    "Preference",
    "PreferenceQuerySet",
    "Relationship",
    "SearchKeys",
]
