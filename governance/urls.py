"""Addresses of the ground floor; `portal/urls.py` mounts each list under its door."""

from django.urls import path

from governance import mobile
from governance.api.organisations import OneOrganisation, Organisations

mobile_urls = [
    path("me/", mobile.me, name="me"),
    path("me/digest/", mobile.digest_wish, name="digest_wish"),
    path("me/mailbox/", mobile.mailbox, name="mailbox"),
    path("me/size/", mobile.type_size, name="type_size"),
    path("leaves/", mobile.leaves, name="leaves"),
    path("leaves/<int:pk>/end/", mobile.leave_end, name="leave_end"),
    path("notices/", mobile.notices, name="notices"),
]

api_urls = [
    path("organisations/", Organisations.as_view(), name="organisations"),
    path("organisations/<int:pk>/", OneOrganisation.as_view(), name="organisation"),
]
