"""Addresses of the first floor; `portal/urls.py` mounts each list under its door."""

from django.urls import path

from grids.api import Grids, OneGrid

api_urls = [
    path("grids/", Grids.as_view(), name="grids"),
    path("grids/<int:pk>/", OneGrid.as_view(), name="grid"),
]
