"""The web application for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("ACROSS_WEB", "1")
application = get_wsgi_application()
# What was loaded stays loaded: workers share it and the collector need not look at it again.
gc.collect()
gc.freeze()
