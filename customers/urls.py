"""Addresses of the customers app."""

from django.urls import URLPattern, path

from customers.views import customers, people, preferences

urlpatterns: list[URLPattern] = [
    path("customers/", customers.index, name="customers"),
    path("customers/new/", customers.create, name="customer_new"),
    path("customers/<int:pk>/details/", customers.details, name="details"),
    path("customers/<int:pk>/edit/", customers.edit, name="customer_edit"),
    path("customers/<int:pk>/archive/", customers.archive, name="customer_archive"),
    path("customers/<int:pk>/bring-back/", customers.bring_back, name="customer_bring_back"),
    path("customers/<int:pk>/people/", people.index, name="people"),
    path("customers/<int:pk>/people/<str:panel>/add/", people.add, name="people_add"),
    path("customers/<int:pk>/people/<str:panel>/<int:row>/", people.edit, name="people_edit"),
    path("customers/<int:pk>/people/<str:panel>/<int:row>/remove/", people.remove, name="people_remove"),
    path("customers/<int:pk>/people/<str:panel>/undo/<int:event>/", people.undo, name="people_undo"),
    path("customers/<int:pk>/preferences/", preferences.index, name="preferences"),
    path("customers/<int:pk>/preferences/add/", preferences.add, name="preference_add"),
    path("customers/<int:pk>/preferences/<int:row>/", preferences.history, name="preference_history"),
    path("customers/<int:pk>/preferences/<int:row>/confirm/", preferences.confirm, name="preference_confirm"),
    path("customers/<int:pk>/preferences/<int:row>/change/", preferences.change, name="preference_change"),
    path("customers/<int:pk>/preferences/<int:row>/retire/", preferences.retire, name="preference_retire"),
    path("customers/<int:pk>/preferences/<int:row>/refute/", preferences.refute, name="preference_refute"),
    path(
        "customers/<int:pk>/preferences/undo/<str:verb>/<int:row>/", preferences.undo, name="preference_undo"
    ),
]
