"""Name the words of Django and of the sign-in library that our pages show, so that they are translated too.

Those libraries lack some of our languages; what stands here goes into our own catalogues. Nothing runs.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

WORDS = (
    # Sign-in and second factor (allauth)
    _("Email"),
    _("Email address"),
    _("Password"),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("You must type the same password each time."),
    _("The email address and/or password you specified are not correct."),
    _("Please type your current password."),
    _("Incorrect password."),
    _("Too many failed login attempts. Try again later."),
    _("Authenticator code"),
    _("Code"),
    _("Incorrect code."),
    # What Django says of forms and passwords
    _("This field is required."),
    _("Enter a valid email address."),
    _("Enter a valid value."),
    _("Enter a whole number."),
    _("Enter a valid date/time."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("This password is too common."),
    _("The password is too similar to the %(verbose_name)s."),
    # Days (Django has no Haitian Creole)
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)
TOO_SHORT = ngettext_lazy(
    "This password is too short. It must contain at least %(min_length)d character.",
    "This password is too short. It must contain at least %(min_length)d characters.",
    "min_length",
)
