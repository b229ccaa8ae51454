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
# A thread that finds this module half imported has to wait; it gets no chance to end before.
waited = not begun.acquire(timeout=0.2)
FINISHED = True
