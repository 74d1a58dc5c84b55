"""Deep networks that memorise labels, and how many parameters that takes at least.

>>> from exactrelu.memorization import memorize
>>> m = memorize(range(64), [k * k % 5 for k in range(64)])
>>> m.construction, m.check().correct
('piecewise-linear', True)
"""

from exactrelu.memorization.barrier import LowerBound, least_excluded, lower_bound, max_memorizable
from exactrelu.memorization.bounds import least_parameters
from exactrelu.memorization.constructions import CONSTRUCTIONS, memorize
from exactrelu.memorization.failures import first_failure
from exactrelu.memorization.gadgets import class_parameters
from exactrelu.memorization.memorizer import Alternative, MemorizationCheck, Memorizer

__all__ = [
    "CONSTRUCTIONS",
    "Alternative",
    "LowerBound",
    "MemorizationCheck",
    "Memorizer",
    "class_parameters",
    "first_failure",
    "least_excluded",
    "least_parameters",
    "lower_bound",
    "max_memorizable",
    "memorize",
]
