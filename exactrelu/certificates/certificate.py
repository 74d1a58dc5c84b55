"""The certificate as immutable data, and the call of the independent checker."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, NoReturn

from exactrelu.arithmetic.errors import CertificateError, InputError
from exactrelu.arithmetic.options import read_count

if TYPE_CHECKING:
    from exactrelu.functions import PiecewiseLinear

SCHEMA = "exactrelu/certificate/1"
_set = object.__setattr__


class Certificate:
    """A claim with its evidence: immutable, hashable, JSON throughout.

    Two certificates are equal when their documents are, whatever the order of the keys.

    Parameters
    ----------
    document : dict
        The JSON document, as ``CERTIFICATES.md`` specifies it. It is copied. Whether it proves what it
        claims is for :func:`check` to say, not for this class.

    Raises
    ------
    CertificateError
        If ``document`` is not JSON data with a ``"claim"``.

    Examples
    --------
    >>> import exactrelu as er
    >>> from exactrelu import certificates
    >>> from exactrelu.functions import Dataset
    >>> f = er.PiecewiseLinear.through([0, 1], [0, 2])
    >>> c = certificates.interpolation(Dataset.read([0, 1], [0, 2]), f)
    >>> c.claim, er.check(c).accepted
    ('interpolation', True)
    """

    __slots__ = ("_document", "_text")

    _document: dict[str, Any]
    _text: str | None

    def __init__(self, document: dict[str, Any]) -> None:
        try:
            text = _dump(document)
            copy = json.loads(text)
        except (TypeError, ValueError, RecursionError) as error:
            raise CertificateError(f"a certificate must be JSON data: {error}") from None
        if not isinstance(copy, dict) or not isinstance(copy.get("claim"), str):
            raise CertificateError('a certificate must be a JSON object with a "claim", a string')
        _set(self, "_document", copy)
        _set(self, "_text", text)

    @classmethod
    def _make(cls, document: dict[str, Any]) -> Certificate:
        """Trusted constructor: ``document`` is JSON data with a claim and nobody else holds it."""
        self = object.__new__(cls)
        _set(self, "_document", document)
        _set(self, "_text", None)
        return self

    @property
    def claim(self) -> str:
        """The kind of claim, for instance ``"optimality"``."""
        return str(self._document["claim"])

    def _canonical(self) -> str:
        """The document as JSON text with sorted keys, cached."""
        if self._text is None:
            _set(self, "_text", _dump(self._document))
        assert self._text is not None
        return self._text

    def to_json(self) -> dict[str, Any]:
        """The document: a fresh copy, plain dicts, lists and strings."""
        copy: dict[str, Any] = json.loads(self._canonical())
        return copy

    def as_uniqueness(self) -> Certificate:
        """The claim, on the evidence of an optimality certificate, that its minimiser is the only one.

        Raises
        ------
        CertificateError
            If this is no optimality certificate.
        """
        if self.claim != "optimality":
            raise CertificateError(f"uniqueness follows from the claim optimality, not from {self.claim}")
        return Certificate._make({**self._document, "claim": "uniqueness", "relation": {}})

    def as_non_uniqueness(self, second: PiecewiseLinear) -> Certificate:
        """The claim, on the evidence of an optimality certificate, that ``second`` is another minimiser.

        Raises
        ------
        CertificateError
            If this is no optimality certificate.
        """
        if self.claim != "optimality":
            raise CertificateError(f"non-uniqueness follows from the claim optimality, not from {self.claim}")
        primal = {**self._document["primal"], "second": second.to_json()}
        changed = {"claim": "non_uniqueness", "relation": {}, "primal": primal}
        return Certificate._make({**self._document, **changed})

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the certificate as JSON, atomically: a reader sees the old file or the whole new one.

        Raises
        ------
        InputError
            If the file cannot be written.
        """
        from exactrelu.arithmetic.atomic import atomic_write

        # One line a part: json's own indentation takes a line a number, and ten times as long.
        parts = (f"{json.dumps(key)}: {json.dumps(value)}" for key, value in self._document.items())
        atomic_write(path, "{\n" + ",\n".join(parts) + "\n}\n")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Certificate:
        """Read a certificate as strictly as the checker does.

        Raises
        ------
        CertificateError
            If the file is not a JSON object with a claim: too large, nested too deeply, a repeated
            key, a NaN.
        OSError
            If the file cannot be read.
        """
        from exactrelu import checker

        try:
            document = checker.read_document(os.fspath(path))
        except checker.MalformedError as error:
            raise CertificateError(f"{os.fspath(path)}: {error}") from None
        if not isinstance(document, dict) or not isinstance(document.get("claim"), str):
            raise CertificateError(f'{os.fspath(path)}: a certificate has a "claim", a string')
        return cls._make(document)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Certificate is immutable")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Certificate is immutable")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Certificate):
            return NotImplemented
        return self._canonical() == other._canonical()

    def __hash__(self) -> int:
        return hash(self._canonical())

    def __reduce__(self) -> tuple[Any, ...]:
        return Certificate, (self.to_json(),)

    def __repr__(self) -> str:
        return f"<Certificate: {self._summary()}>"

    def _summary(self) -> str:
        """A phrase: the claim and its size."""
        problem = self._document.get("problem")
        x = problem.get("x") if isinstance(problem, dict) else None
        return f"{self.claim}, {len(x)} points" if isinstance(x, list) else self.claim

    def _repr_html_(self) -> str:
        text = json.dumps(self._document, indent=1)
        shown = text if len(text) <= 4000 else text[:4000] + "\n…"
        title = f"Certificate: {escape(self._summary())}"
        return f"<details><summary>{title}</summary><pre>{escape(shown)}</pre></details>"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The checker's verdict; true when it accepted.

    Attributes
    ----------
    accepted : bool
        Whether the certificate proves its claim.
    message : str
        The checker's line: ``accepted: ...`` with what was proved, or ``rejected: ... at ...`` with the
        reason and the place.
    code : int
        0 accepted, 1 rejected, 2 malformed (rejected unread): the exit code of ``checker.py``.
    """

    accepted: bool
    message: str
    code: int

    def __bool__(self) -> bool:
        return self.accepted

    def _repr_html_(self) -> str:
        return f"<p>{'✓' if self.accepted else '✗'} {escape(self.message)}</p>"


def check(certificate: Certificate, *, max_digits: int = 100_000) -> CheckReport:
    """Run the independent checker on a certificate.

    Parameters
    ----------
    certificate : Certificate
    max_digits : int
        A number with more digits than this is refused.

    Raises
    ------
    CertificateError
        If ``certificate`` is something else.
    InputError
        If ``max_digits`` is no positive integer.

    Notes
    -----
    Linear in the number of data points for numbers of bounded length.
    """
    from exactrelu import checker

    if not isinstance(certificate, Certificate):
        raise CertificateError(
            f"check takes a Certificate, not {type(certificate).__name__}; "
            "Certificate(document) and Certificate.load(path) make one"
        )
    code, message = checker.judge(certificate._document, _limit(max_digits))
    return CheckReport(code == 0, message, code)


def check_file(path: str | os.PathLike[str], *, max_digits: int = 100_000) -> CheckReport:
    """Run the independent checker on a file, exactly as ``python checker.py FILE`` does.

    A file that cannot be read is rejected with code 2. InputError if ``max_digits`` is no positive integer.
    """
    from exactrelu import checker

    code, message = checker.judge(os.fspath(path), _limit(max_digits), checker.read_document)
    return CheckReport(code == 0, message, code)


def _limit(max_digits: int) -> int:
    limit = read_count(max_digits, "max_digits")
    if limit is None:
        raise InputError("max_digits is None; it must be a positive integer")
    return limit


def _dump(document: object) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)
