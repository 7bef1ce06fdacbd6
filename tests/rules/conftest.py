"""Random examples take as long as the machine lets them: what is promised is not their time."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
