"""Every address of the house."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path, re_path

from complaints import urls as complaints
from governance import urls as governance
from grids import urls as grids
from portal.accounts import not_here
from portal.api import Document, Nowhere, Root, documentation
from portal.demonstration.accounts import demonstration_accounts, demonstration_password
from portal.health import healthz
from portal.home import home
from portal.language import choose_language
from residents import urls as residents

# Asked anew by each sign-in page; nothing comes of them outside demonstration mode.
ACCOUNTS_TO_TRY = {
    "demonstration_accounts": demonstration_accounts,
    "demonstration_password": demonstration_password,
}

# Only what the house uses of the library's pages: nobody registers, and a lost password is a
# matter for the administrator, not for an e-mail.
ACCOUNT_PAGES = [
    path("login/", account.LoginView.as_view(extra_context=ACCOUNTS_TO_TRY), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("signup/", not_here, name="account_signup"),
]

# One phone, whatever floor a page comes from.
PHONE = [*complaints.mobile_urls, *residents.mobile_urls, *governance.mobile_urls]

# One interface for programs, read only, whatever floor a list comes from.
API = [
    path("", Root.as_view(), name="root"),
    path("openapi.json", Document.as_view(), name="document"),
    path("docs/", documentation, name="documentation"),
    *complaints.api_urls,
    *governance.api_urls,
    *grids.api_urls,
    re_path(r"^(?P<rest>[\s\S]*)$", Nowhere.as_view(), name="nowhere"),
]

handler400 = "portal.outage.interrupted"
handler500 = "portal.outage.trouble"

urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("board/", include("portal.board.urls")),
    path("language/", choose_language, name="set_language"),
    path("accounts/", include(ACCOUNT_PAGES)),
    path("api/v1/", include((API, "api"))),
    path("m/", include((PHONE, "mobile"))),
    path("results/", include((complaints.result_urls, "results"))),
    path("", include((complaints.resident_urls, "resident"))),
]
