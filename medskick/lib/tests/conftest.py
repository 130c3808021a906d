"""Property tests have no deadline for one example: the first one loads the dictionary, and the machine may be busy."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
