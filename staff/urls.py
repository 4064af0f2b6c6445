"""Addresses of the staff app."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
