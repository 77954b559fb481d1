"""List the addresses of budgets, of opening in danger of life, and of what oversight watches."""

from django.urls import path

from amparo.desk.oversight import samples, watching
from amparo.desk.protection import danger, much_read

urlpatterns = [
    path("more-children/", much_read.more_children, name="more-children"),
    path("much-read/", much_read.much_read, name="much-read"),
    path("in-danger/", danger.open_in_danger, name="open-in-danger"),
    path("in-danger/opened/", danger.opened_in_danger, name="opened-in-danger"),
    path("samples/", samples.drawn, name="samples"),
    path("watching/", watching.watching, name="watching"),
]
