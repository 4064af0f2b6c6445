"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
# Only a web process has threads that share connections (crm/settings.py).
os.environ.setdefault("DATABASE_POOL", "1")

application = get_wsgi_application()
