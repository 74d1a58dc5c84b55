"""`exactrelu norm` against the Python interface."""

import json

import pytest
from gmpy2 import mpq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import exactrelu as er

VARIANTS = [(False, True), (False, False), (True, True), (True, False)]
SHIFT = '{"slope": 1, "intercept": "1", "kinks": []}'


def test_in_words(run):
    assert run("norm", "-", stdin=SHIFT).stdout == (
        "biases free, skip free      0\n"
        "biases free, no skip        2\n"
        "biases penalised, skip free 0\n"
        "biases penalised, no skip   1 + sqrt(3) ~ 2.73205080756887729352744634151\n"
    )


rationals = st.fractions(-100, 100, max_denominator=50).map(lambda q: mpq(q.numerator, q.denominator))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rationals, rationals, st.lists(st.tuples(rationals, rationals), max_size=5))
def test_functions_and_networks(run, slope, intercept, kinks):
    f = er.PiecewiseLinear.from_kinks(slope, intercept, kinks)
    network = er.ShallowNetwork.minimal(f)
    for document in (f.to_json(), network.to_json()):
        result = run("norm", "-", "--json", stdin=json.dumps(document))
        assert (result.exit_code, result.stderr) == (0, "")
        norms = json.loads(result.stdout)["norms"]
        assert [(norm["penalize_bias"], norm["skip"]) for norm in norms] == VARIANTS
        for norm, (p, s) in zip(norms, VARIANTS, strict=True):
            assert value(norm["cost"]) == er.representation_cost(f, penalize_bias=p, skip=s)
    assert value(norms[2]["network_cost"]) == value(norms[2]["cost"])
    lacks = bool(network.skip_slope or network.output_bias)
    assert (norms[3]["network_cost"] is None) == lacks


def value(document):
    return mpq(document) if isinstance(document, str) else er.RadicalSum.from_json(document)


def test_a_wasteful_network_pays_more(run):
    document = er.ShallowNetwork([1, 1], [0, 0], [3, -2]).to_json()
    text = run("norm", "-", stdin=json.dumps(document)).stdout
    assert "biases free, skip free      1\n" in text
    assert text.count("this network: 5\n") == 4


def test_irrational_weights(run):
    network = er.ShallowNetwork.minimal(er.PiecewiseLinear.from_kinks(1, 1), skip=False)
    text = run("norm", "-", stdin=json.dumps(network.to_json())).stdout
    assert text.count("1 + sqrt(3) ~ 2.73205080756887729352744634151\n") == 3


def test_takes_what_interpolate_prints(run):
    printed = run("interpolate", "-", "--json", stdin="0,0\n1,0\n2,1\n3,3\n").stdout
    assert "biases penalised, skip free sqrt(13) ~" in run("norm", "-", stdin=printed).stdout


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("", "this is not JSON"),
        ("x,y\n1,2\n", "this is not JSON"),
        ("[1, 2]", "the JSON is a list"),
        ("{", "broken JSON"),
        ("{}", "has the keys none"),
        ('{"x": [1], "y": [2]}', "has the keys 'x', 'y'"),
        ('{"kinks": []}', "lacks the key 'slope'"),
        ('{"slope": 0, "intercept": 0, "kinks": [[1]]}', "kinks[0] must be a pair"),
        ('{"slope": 0, "intercept": 0, "kinks": [[1, "two"]]}', "kinks[0][1]: 'two'"),
        ('{"slope": 0, "intercept": null, "kinks": []}', "intercept is null"),
        ('{"slope": true, "intercept": 0, "kinks": []}', "slope is a boolean"),
        ('{"slope": 1e999999999, "intercept": 0, "kinks": []}', "slope: '1e999999999'"),
        ('{"slope": 0, "intercept": 0, "kinks": "12"}', "kinks"),
        ('{"slope": 0, "intercept": 0, "kinks": {"1": 2}}', "kinks"),
        ('{"slope": 0, "intercept": 0, "kinks": [[[[[1]]]]]}', "kinks[0][0][0] is a list"),
        ('{"slope": [], "intercept": 0, "kinks": []}', "slope"),
        ('{"slope": 0, "intercept": 0, "kinks": [[NaN, 1]]}', "NaN is not a finite number"),
        ('{"input_weights": [1], "biases": [1, 2], "output_weights": [1]}', "equally long"),
        ('{"input_weights": [1]}', "lacks the key"),
        ('{"input_weights": 1, "biases": 2, "output_weights": 3}', "input_weights"),
        ('{"input_weights": [1], "biases": [{"terms": 3}], "output_weights": [1]}', "terms"),
        ('{"input_weights": [1], "biases": [{"terms": [["1", "-1"]]}], "output_weights": [1]}', "negative"),
        ('{"layers": [{"inputs": 1, "weights": [{"0000000000009": 1}], "biases": [0]}]}', "the column"),
        ('{"layers": [{"inputs": 1, "weights": [{"0": 1, "00": 2}], "biases": [0]}]}', "the column '00'"),
    ],
)
def test_bad_documents(refused, document, reason):
    said = refused("norm", "-", stdin=document)
    assert said.startswith("standard input: ")
    assert reason in said


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--activation", "sign", "--beta", "1"], "sign and threshold units make a network that jumps"),
        (["--activation", "threshold", "--beta", "1"], "sign and threshold units make a network that jumps"),
        (["--path"], "a Lasso path holds a network for every beta, and one is expected"),
    ],
)
@pytest.mark.parametrize("command", ["norm", "inspect"])
def test_lasso_output_without_a_network_says_why(run, command, options, reason):
    printed = run("lasso", "-", "--json", *options, stdin="0,0\n1,1\n2,0\n").stdout
    result = run(command, "-", stdin=printed)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: standard input: {reason}")
