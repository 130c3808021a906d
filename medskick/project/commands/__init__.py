"""The commands of `medskick`, one module each, found by being here.

A module has `HELP` (one line, a plain string), `add_arguments(parser)` and `run(options) -> int` (the exit code).
It may have `DATABASE = False` when it starts none or its own. Import Django and models inside `run`: the module itself
is read before Django is set up. Raise `CommandProblem` with one plain sentence for what the user can put right.
"""


class CommandProblem(Exception):
    """What went wrong and what to do, in one sentence; shown alone, without a traceback."""
