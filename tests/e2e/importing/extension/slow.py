"""A module that is under way until another thread has begun to import it."""

import _thread

begun = _thread.allocate_lock()
begun.acquire()


def begin() -> None:
    """Import this module, which is half there, in another thread."""
    from . import slow

    seen.append(slow.FINISHED)
    begun.release()


seen: list[bool] = []
_thread.start_new_thread(begin, ())
# Time for the thread to find this module half imported: it has to wait, and releases nothing yet.
waited = not begun.acquire(timeout=0.2)
FINISHED = True
