"""Offer this node to a WSGI server (granian), signed in to the database as the app role."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amparo.node.settings")
application = get_wsgi_application()
