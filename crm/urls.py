"""Every address of the house; each app lists its own."""

from django.urls import include, path

from crm import health, views
from customers import api

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("house/style", views.style_guide, name="style_guide"),
    path("api/", include(api.addresses())),
    path("", include("staff.urls")),
    path("", include("customers.urls")),
    path("", include("interactions.urls")),
    path("", include("reports.urls")),
]
