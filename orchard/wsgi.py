"""Where an application server finds Orchard."""

import importlib
import os

from django.core.wsgi import get_wsgi_application

from orchard.kit import garbage, processes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchard.settings")
processes.follow_given()
application = get_wsgi_application()

# Django's models exist only now, and with them what this process tells of itself.
importlib.import_module("orchard.watch.jobs").begin("web")
garbage.settle()
