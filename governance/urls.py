"""Addresses of the ground floor; `portal/urls.py` mounts each list under its door."""

from django.urls import path

from governance import mobile

mobile_urls = [
    path("me/", mobile.me, name="me"),
    path("me/size/", mobile.type_size, name="type_size"),
    path("notices/", mobile.notices, name="notices"),
]
