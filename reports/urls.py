"""Addresses of the reports app."""

from django.urls import URLPattern, path

from reports.views import audit, house, reports

urlpatterns: list[URLPattern] = [
    path("reports/", reports.reports, name="reports"),
    path("reports/<slug:slug>.csv", reports.report_csv, name="report_csv"),
    path("house/", house.house, name="house"),
    path("house/mail/<str:name>", house.mail, name="house_mail"),
    path("house/vocabularies/", house.vocabularies, name="house_vocabularies"),
    path("house/audit/", audit.audit, name="house_audit"),
    path("house/audit/changes/", audit.audit_changes, name="house_changes"),
]
