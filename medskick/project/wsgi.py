"""The pages, for any WSGI server: `medskick serve pages` uses granian."""

import os
import threading

from django.core.wsgi import get_wsgi_application

from medskick.lib.swedish.words import load_dictionary

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medskick.project.settings")
application = get_wsgi_application()
# Beside the first requests, so that the first person who sends something in does not wait for it.
threading.Thread(target=load_dictionary, name="dictionary", daemon=True).start()
