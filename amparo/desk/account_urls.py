"""List the account pages this node has; sign-up and everything by e-mail are left out, people are invited."""

from allauth.account import views as account
from django.urls import include, path

from amparo.desk.errors import not_here
from amparo.desk.people import ministry

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("ministry/", ministry.listed, name="account_ministries"),
    path("ministry/<slug:ministry_id>/", ministry.leave, name="account_ministry"),
    path("ministry/<slug:ministry_id>/back/", ministry.come_back, name="account_ministry_back"),
    path("ministry/<slug:ministry_id>/<slug:what>/", ministry.change, name="account_ministry_change"),
    # The sign-in library asks for this address; nobody can sign up.
    path("signup/", not_here, name="account_signup"),
]
