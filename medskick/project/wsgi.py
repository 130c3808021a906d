"""The pages, for any WSGI server: `medskick serve pages` uses granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medskick.project.settings")
application = get_wsgi_application()
