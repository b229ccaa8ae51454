"""No secret of a test may stand where others can read it.

Fakes tell the watch every secret that they hold; whatever processes print, show of themselves or
leave behind is noted. After every test, and whenever a process ends, the one is looked for in the
other, without the test having to ask for it: see `tests/conftest.py`.
"""
