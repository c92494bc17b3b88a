"""Addresses of the second floor; `portal/urls.py` mounts each list under its door."""

from django.urls import path

from residents import mobile

mobile_urls = [
    path("people/", mobile.people, name="people"),
    path("people/<int:pk>/", mobile.person, name="person"),
]
