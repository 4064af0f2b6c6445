"""Who we serve and what we remember of them."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"
