"""Addresses of the staff app."""

from django.urls import URLPattern, path

from staff.views import here, lock, people, profile, shifts, terminals, venues

urlpatterns: list[URLPattern] = [
    path("venue/", here.choose_venue, name="choose_venue"),
    path("language/", here.choose_language, name="choose_language"),
    path("lock/", lock.lock, name="lock"),
    path("lock/open/", lock.unlock, name="unlock"),
    path("me/", profile.profile, name="profile"),
    path("me/pin/", profile.own_pin, name="own_pin"),
    path("house/venues/", venues.venues, name="house_venues"),
    path("house/venues/new/", venues.venue_new, name="house_venue_new"),
    path("house/venues/<int:pk>/", venues.venue_edit, name="house_venue"),
    path("house/shifts/", shifts.shifts, name="house_shifts"),
    path("house/shifts/new/", shifts.shift_edit, name="house_shift_new"),
    path("house/shifts/<int:pk>/", shifts.shift_edit, name="house_shift"),
    path("house/shifts/<int:pk>/delete/", shifts.shift_delete, name="house_shift_delete"),
    path("house/rota/", shifts.rota, name="house_rota"),
    path("house/rota/<int:pk>/remove/", shifts.rota_remove, name="house_rota_remove"),
    path("house/staff/", people.people, name="house_people"),
    path("house/staff/new/", people.person_new, name="house_person_new"),
    path("house/staff/<int:pk>/", people.person, name="house_person"),
    path("house/staff/<int:pk>/end/", people.person_end, name="house_person_end"),
    path("house/staff/<int:pk>/invite/", people.person_invite, name="house_person_invite"),
    path("house/staff/<int:pk>/pin/", people.person_pin, name="house_person_pin"),
    path("house/terminals/", terminals.terminals, name="house_terminals"),
    path("house/terminals/enrol/", terminals.terminal_enrol, name="house_terminal_enrol"),
    path("house/terminals/<int:pk>/revoke/", terminals.terminal_revoke, name="house_terminal_revoke"),
]
