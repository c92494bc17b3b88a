"""Addresses of the leader's pages."""

from django.urls import path

from portal.board import views

app_name = "board"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("wall/", views.wall, name="wall"),
    path("formulas/", views.formulas, name="formulas"),
    path("map.json", views.map_data, name="map"),
    path("cases/", views.cases, name="cases"),
    path("cases/<int:pk>/", views.case, name="case"),
    path("cases/<int:pk>/instruct/", views.instruct, name="instruct"),
]
