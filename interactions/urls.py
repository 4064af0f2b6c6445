"""Addresses of the interactions app."""

from django.urls import URLPattern, path

from interactions.views import customer, desk, visits

urlpatterns: list[URLPattern] = [
    path("", desk.desk, name="desk"),
    path("lookup/", desk.lookup, name="lookup"),
    path("desk/day/", desk.day, name="desk_day"),
    path("customers/<int:pk>/", customer.customer, name="customer"),
    path("customers/<int:pk>/log/", customer.log, name="log"),
    path("customers/<int:pk>/usual/", customer.log_usual, name="log_usual"),
    path("customers/<int:pk>/expect/", visits.expect, name="expect"),
    path("interactions/<int:pk>/undo/", customer.undo, name="undo_log"),
    path("interactions/<int:pk>/correct/", customer.correct, name="correct"),
    path("arrivals/", visits.index, name="arrivals"),
    path("arrivals/new/", visits.choose, name="arrivals_choose"),
    path("visits/<int:pk>/<slug:verb>/", visits.step, name="visit_step"),
]
