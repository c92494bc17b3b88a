"""Every address of the house."""

from django.contrib import admin
from django.urls import include, path

from portal.accounts import no_sign_up
from portal.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("accounts/signup/", no_sign_up),
    path("accounts/", include("allauth.urls")),
]
