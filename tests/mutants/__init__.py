"""Mutants: small changes to the code, one at a time, each of which the tests should notice.

Established tools change the tree itself (cosmic-ray, mutatest), or run all tests for each change
and take no sample (mutmut).

- `mutation`: the changes to a source; `suite`: a module's tests; `trial`: the tests on a copy.
"""
