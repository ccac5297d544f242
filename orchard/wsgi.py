"""Where an application server finds Orchard."""

import os

from django.core.wsgi import get_wsgi_application

from orchard.kit import processes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchard.settings")
processes.follow_given()
application = get_wsgi_application()
