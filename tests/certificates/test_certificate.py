"""Certificates as data, their builders, and the door to the checker."""

import json
import os
import pickle
import re
import stat
import sys

import factory
import pytest
from gmpy2 import mpq

import exactrelu as er
from exactrelu import certificates as build
from exactrelu import checker
from exactrelu.arithmetic import CertificateError, InputError
from exactrelu.certificates import STATEMENTS, Certificate, check, check_file
from exactrelu.functions import Dataset, PiecewiseLinear

DATA = Dataset.read([0, 1, 2, 3], [0, 0, 1, 3])
BENT = PiecewiseLinear.from_kinks(0, 0, [("3/2", 2)])
SQUARES = {"signed_squares": [mpq(0), mpq(25, 13), mpq(64, 13), mpq(0)]}


def example():
    return build.optimality(DATA, BENT, penalize_bias=True, skip=True, dual=SQUARES, cost=er.sqrt(13))


def test_is_immutable_data():
    c = example()
    assert c.claim == "optimality"
    assert c == example()
    assert hash(c) == hash(example())
    assert c != build.interpolation(DATA, BENT)
    assert c != 1
    assert pickle.loads(pickle.dumps(c)) == c
    document = c.to_json()
    document["claim"] = "uniqueness"
    document["problem"]["x"].append("4")
    assert c.claim == "optimality"
    assert c.to_json()["problem"]["x"] == ["0", "1", "2", "3"]
    assert Certificate(dict(reversed(c.to_json().items()))) == c
    with pytest.raises(AttributeError):
        c.claim = "truth"
    with pytest.raises(AttributeError):
        c.other = 1
    with pytest.raises(AttributeError):
        del c._document
    assert repr(c) == "<Certificate: optimality, 4 points>"
    assert repr(build.representation_cost(BENT, penalize_bias=False, skip=True, cost=mpq(2))) == (
        "<Certificate: representation_cost>"
    )


def test_html_is_escaped_and_short():
    html = Certificate({"claim": "<b>", "x": ["<script>"] * 5000})._repr_html_()
    assert "<script>" not in html
    assert "<b>" not in html
    assert len(html) < 10_000


@pytest.mark.parametrize(
    "document",
    [[], {}, {"claim": 1}, {"claim": "x", "v": float("nan")}, {"claim": "x", "v": {1, 2}}, "claim"],
)
def test_constructor_refuses_what_is_no_certificate(document):
    with pytest.raises(CertificateError):
        Certificate(document)


def test_constructor_refuses_recursion():
    document = {"claim": "x"}
    document["self"] = document
    with pytest.raises(CertificateError):
        Certificate(document)


def test_save_and_load(tmp_path):
    c, path = example(), tmp_path / "c.json"
    path.write_text("old")
    c.save(path)
    assert Certificate.load(path) == c
    assert check(Certificate.load(str(path)))
    assert check_file(path) == check(c)
    assert os.listdir(tmp_path) == ["c.json"]
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0o666 & ~_mask() & 0o077
    with pytest.raises(InputError):
        c.save(tmp_path / "missing" / "c.json")


def _mask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize(
    "text", ["", "[]", '{"claim": 1}', '{"claim": "a", "claim": "b"}', '{"claim": NaN}', "[" * 99999]
)
def test_load_refuses(tmp_path, text):
    path = tmp_path / "c.json"
    path.write_text(text)
    with pytest.raises(CertificateError, match=r"c\.json: "):
        Certificate.load(path)


def test_load_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        Certificate.load(tmp_path / "c.json")


def test_check():
    report = check(example())
    assert report
    assert report.accepted
    assert report.code == 0
    assert report.message.startswith("accepted: ")
    altered = example().to_json()
    altered["primal"]["function"]["kinks"][0][1] = "3"
    report = check(Certificate(altered))
    assert not report
    assert report.code == 1
    assert report.message == "rejected: primal.function(x) = 3/2 misses y = 1 at problem.y[2]"
    assert check(Certificate({"claim": "optimality"})).code == 2
    assert check(example(), max_digits=1).code == 2
    with pytest.raises(CertificateError):
        check({"claim": "optimality"})


@pytest.mark.parametrize("limit", [0, -1, 2.5, "7", True, None])
def test_max_digits_is_a_positive_integer(tmp_path, limit):
    example().save(tmp_path / "c.json")
    with pytest.raises(InputError, match=r"max_digits is .*; it must be a positive integer"):
        check(example(), max_digits=limit)
    with pytest.raises(InputError, match=r"max_digits is .*; it must be a positive integer"):
        check_file(tmp_path / "c.json", max_digits=limit)


def test_long_numbers_leave_the_interpreter_alone(tmp_path):
    before = sys.get_int_max_str_digits()
    long = mpq(10) ** 20_000 + mpq(1, 7)
    data = Dataset.read([long, 2 * long], [0, long])
    c = build.interpolation(data, PiecewiseLinear.through(data.x, data.y))
    c.save(tmp_path / "c.json")
    assert check(Certificate.load(tmp_path / "c.json"))
    assert sys.get_int_max_str_digits() == before


def test_builders_refuse_wrong_duals():
    arguments = {"penalize_bias": False, "skip": False}
    with pytest.raises(InputError, match="3 entries for 4 points"):
        build.optimality(DATA, BENT, **arguments, dual={"g": [mpq(0)] * 3})
    with pytest.raises(InputError, match="one entry"):
        build.optimality(DATA, BENT, **arguments, dual={})
    with pytest.raises(InputError, match="sum 0"):
        build.optimality(DATA, BENT, **arguments, dual={"nu": [mpq(1)] * 4})
    with pytest.raises(InputError, match="'nu'"):
        build.optimality(DATA, BENT, penalize_bias=True, skip=True, dual={"nu": [mpq(0)] * 4})
    with pytest.raises(InputError, match="'g'"):
        build.optimality(DATA, BENT, penalize_bias=True, skip=False, dual={"g": [mpq(0)] * 4})
    with pytest.raises(InputError, match="'signed_squares'"):
        build.optimality(DATA, BENT, penalize_bias=False, skip=True, dual=SQUARES)
    with pytest.raises(InputError, match="no proof of non-uniqueness"):
        build.non_uniqueness(DATA, BENT, BENT, penalize_bias=True, skip=False, dual=SQUARES)
    cost = er.sqrt(13).enclosure(9)
    with pytest.raises(InputError, match="exact"):
        build.optimality(DATA, BENT, penalize_bias=True, skip=True, dual=SQUARES, cost=cost)


def test_non_membership_finds_the_place():
    f = PiecewiseLinear.through(DATA.x, DATA.y)
    with pytest.raises(InputError, match="is a ridgeless interpolant"):
        build.ridgeless_non_membership(DATA, f)
    with pytest.raises(InputError, match="not both"):
        build.ridgeless_non_membership(DATA, f, datum=0, kink=0)
    assert build.ridgeless_non_membership(DATA, f + 1).to_json()["dual"] == {"datum": 0}
    bump = PiecewiseLinear.from_kinks(0, 0, [(4, 1)])
    assert build.ridgeless_non_membership(DATA, f + bump).to_json()["dual"] == {"kink": 2}


def test_statements_are_those_of_the_checker():
    claims = [f"refutation: {name}" for name in STATEMENTS]
    assert claims == [claim for claim in checker.CLAIMS if claim.startswith("refutation")]
    with pytest.raises(InputError, match="catalogue"):
        build.refutation("all is well", function=BENT)


def test_specification_names_every_claim_and_statement():
    text = (checker.__file__.removesuffix("checker.py") + "CERTIFICATES.md",)
    with open(text[0], encoding="utf-8") as file:
        page = file.read()
    for name in (*checker.CLAIMS, *STATEMENTS):
        assert f"`{name.partition(': ')[0]}`" in page
    layers, most = checker.NARROW["relu"], checker.MAX_EFFORT // 10**6
    assert f"`relu` (`layers` from {layers.start} to {layers.stop - 1})" in page
    assert page.count(f"> {most}·10⁶`") == 2
    examples = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert [checker.judge(json.loads(example))[0] for example in examples] == [0, 0]
    # What the page says of altered ones: "With `new` in place of `old`, ...: `rejected: ...`".
    altered = re.findall(r"With `([^`]+)` in place of\s`([^`]+)`[^:]*: `(rejected: [^`]+)`", page)
    assert len(altered) == 2
    for new, old, said in altered:
        assert examples[-1].count(old) == 1
        assert checker.judge(json.loads(examples[-1].replace(old, new))) == (1, said)


@pytest.mark.parametrize("name", factory.KINDS)
def test_random_certificates_are_accepted(name):
    built = 0
    for i in range(60):
        certificate = factory.instance(name, i, seed=1)
        if certificate is not None:
            report = check(certificate)
            assert report, (name, i, report.message)
            built += 1
    assert built >= 3
