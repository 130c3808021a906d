"""The sample of each step type, for tests and the example region."""

from importlib import import_module

from medskick.dialog.questions.contract import Sample
from medskick.dialog.sessions.steps.registry import step_type


def sample_of(key: str) -> Sample:
    """The SAMPLE beside the type's own code. Raise LookupError where there is none."""
    asked = step_type(key)
    homes = [type(asked).__module__, *([type(asked.question).__module__] if asked.question is not None else [])]
    for home in homes:
        sample = getattr(import_module(home), "SAMPLE", None)
        if sample is not None:
            return sample
    raise LookupError(f"{key} has no SAMPLE in {' or '.join(homes)}")
