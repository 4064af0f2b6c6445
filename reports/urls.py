"""Addresses of the reports app."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
