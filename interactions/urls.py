"""Addresses of the interactions app."""

from django.urls import URLPattern, path

from interactions.views import call, card, customer, desk, follow_ups, visits

urlpatterns: list[URLPattern] = [
    path("", desk.desk, name="desk"),
    path("lookup/", desk.lookup, name="lookup"),
    path("call", call.call, name="call"),
    path("desk/day/", desk.day, name="desk_day"),
    path("customers/<int:pk>/", customer.customer, name="customer"),
    path("customers/<int:pk>/log/", customer.log, name="log"),
    path("customers/<int:pk>/usual/", customer.log_usual, name="log_usual"),
    path("customers/<int:pk>/cue/", card.answer, name="cue_answer"),
    path("customers/<int:pk>/cue/undo/", card.undo, name="cue_undo"),
    path("customers/<int:pk>/expect/", visits.expect, name="expect"),
    path("interactions/<int:pk>/undo/", customer.undo, name="undo_log"),
    path("interactions/<int:pk>/correct/", customer.correct, name="correct"),
    path("arrivals/", visits.index, name="arrivals"),
    path("arrivals/new/", visits.choose, name="arrivals_choose"),
    path("visits/<int:pk>/<slug:verb>/", visits.step, name="visit_step"),
    path("follow-ups/", follow_ups.index, name="follow_ups"),
    path("follow-ups/due/", follow_ups.due, name="follow_ups_due"),
    path("follow-ups/bulk/", follow_ups.bulk, name="follow_ups_bulk"),
    path("follow-ups/undo/", follow_ups.undo, name="undo_follow_ups"),
    path("follow-ups/<int:pk>/<slug:verb>/", follow_ups.step, name="follow_up_step"),
    path("customers/<int:pk>/follow-ups/", follow_ups.of_customer, name="customer_follow_ups"),
]
