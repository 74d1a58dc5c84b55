"""Exact numbers: rationals at the boundary, sums of square roots, enclosures, exact linear algebra and LP."""

from exactrelu.arithmetic.boundary import rational, rationals
from exactrelu.arithmetic.enclosure import Enclosure
from exactrelu.arithmetic.errors import (
    BudgetExceeded,
    CertificateError,
    ExactReluError,
    InputError,
    MissingExtraError,
    UndecidedError,
    UnsupportedError,
)
from exactrelu.arithmetic.radical_sum import RadicalSum, sqrt
from exactrelu.arithmetic.text import format_rational, parse_rational

__all__ = [
    "BudgetExceeded",
    "CertificateError",
    "Enclosure",
    "ExactReluError",
    "InputError",
    "MissingExtraError",
    "RadicalSum",
    "UndecidedError",
    "UnsupportedError",
    "format_rational",
    "parse_rational",
    "rational",
    "rationals",
    "sqrt",
]
