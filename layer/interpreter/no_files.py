"""In place of CPython's importlib._bootstrap_external: nothing is ever imported from a file.

All of the daemon is frozen in, so the interpreter has no path importer. That costs a cold start
less (1 ms of CPU), and no folder, whatever the environment says, can bring code into the process.
"""


def _install(bootstrap: object) -> None:
    """Called while the interpreter is finished; CPython's would add the path importer."""
