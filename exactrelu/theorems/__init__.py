"""Theorems as code, one module or package a paper: statement, instances, exact check, mutants.

Each, all but `registry`, registers the theorems of its paper when it is imported;
:data:`registry` imports them all on first use. How to write one is shown in `registry.py`.
"""

from exactrelu.theorems.registry import Mutant, NotApplicable, Refuted, Registry, Tally, Theorem, theorem
from exactrelu.theorems.registry import registry as registry

__all__ = ["Mutant", "NotApplicable", "Refuted", "Registry", "Tally", "Theorem", "registry", "theorem"]
