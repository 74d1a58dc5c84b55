"""`exactrelu memorize`: tables, JSON, files, and what is wrong with data."""

import json

import pytest

from exactrelu import DeepNetwork

LABELS = "\n".join(f"{k},{k * k % 5}" for k in range(30))


@pytest.fixture
def labels(tmp_path):
    (tmp_path / "labels.csv").write_text(f"x,label\n{LABELS}\n")
    return "labels.csv"


@pytest.mark.parametrize("construction", ["auto", "piecewise-linear", "grid", "bit-extraction"])
def test_json_says_what_was_built(run, labels, tmp_path, construction):
    result = run("memorize", labels, "--construction", construction, "--json", "--network", "net.json")
    assert (result.exit_code, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    assert document["schema"] == "exactrelu/memorizer/1"
    assert document["correct"] is True
    network = DeepNetwork.from_json(json.loads((tmp_path / "net.json").read_text()))
    size = network.width, network.depth, network.parameters, network.weight_bits
    assert size == tuple(document[key] for key in ("width", "depth", "parameters", "weight_bits"))
    assert network(range(30)).tolist() == [k * k % 5 for k in range(30)]
    assert {a["construction"]: a["parameters"] for a in document["alternatives"]}[
        document["construction"]
    ] == network.parameters


def test_the_table(run, labels):
    result = run("memorize", labels, "--block", "5", "--construction", "bit-extraction")
    assert result.exit_code == 0
    assert "all labels right" in result.stdout
    for word in ("piecewise-linear", "grid", "bit-extraction", "float64", "weight bits"):
        assert word in result.stdout


def test_all_constructions_compared(run, labels):
    """A row a construction: size, bits, and which arithmetic takes all labels; exact always does."""
    result = run("memorize", labels, "--compare")
    assert (result.exit_code, result.stderr) == (0, "")
    titles, *rows = result.stdout.split("\n\n")[0].splitlines()
    assert titles.split()[0] == "construction"
    for word in ("width", "depth", "parameters", "weight bits", "float32", "float64", "double-double"):
        assert word in titles
    assert [row.split()[5] for row in rows] == ["right"] * 3
    document = json.loads(run("memorize", labels, "--compare", "--json").stdout)
    compared = document["compared"]
    assert [c["construction"] for c in compared] == ["piecewise-linear", "grid", "bit-extraction"]
    assert all(c["correct"] for c in compared)
    for c, a in zip(compared, document["alternatives"], strict=True):
        assert all(c[key] == a[key] for key in ("construction", "width", "depth", "parameters"))
    assert document["least_parameters"] == 3
    fractions = run("memorize", "-", "--compare", stdin="x,y\n0,1/3\n1,2\n2,0\n")
    assert "grid does not apply: labels have to be integers, and label 0 is 1/3" in fractions.stdout


def test_named_classes_coordinates_and_standard_input(run):
    text = "a,b,species\n0.1,2,setosa\n0.25,1,virginica\n1e9,0,setosa\n"
    result = run("memorize", "-", stdin=text)
    assert result.exit_code == 0
    assert "3 points of R^2" in result.stdout
    assert "0 'setosa', 1 'virginica'" in result.stdout
    assert "grid does not apply" in result.stdout


def test_names_may_be_mixed_with_numbers_and_start_with_digits(run):
    assert "0 '7', 1 'a'" in run("memorize", "-", stdin="0,a\n1,7\n").stdout
    assert "0 '1st', 1 '2nd'" in run("memorize", "-", stdin="0,2nd\n1,1st\n").stdout


def test_json_data(run):
    result = run("memorize", "-", "--json", stdin='{"x": [[0, "1/3"], [1, 2]], "y": [1, 0]}')
    assert json.loads(result.stdout)["dimension"] == 2
    result = run("memorize", "-", "--json", stdin='{"x": [0, 1], "y": [1, 0]}')
    assert json.loads(result.stdout)["points"] == 2


def test_a_picture(run, labels, tmp_path):
    assert run("memorize", labels, "--plot", "growth.svg").exit_code == 0
    assert (tmp_path / "growth.svg").read_text().count("parameters")


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        ("x,y\n1,2\n1,3\n", "rows 2 and 3 are the same point"),
        ("1\n2\n", "only one column"),
        ("x,y\nabc,1\n", "row 2, column 'x'"),
        ('{"x": [1]}', "is expected"),
        ('{"x": [1], "y": []}', "equal length"),
        ('{"x": [[1], [1, 2]], "y": [0, 1]}', "x[1] has 2 coordinates"),
        ('{"x": [null], "y": [0]}', "x[0] is null"),
        ('{"x": [1], "y": [null]}', "y[0] is null"),
        ('{"x": ["a"], "y": [1]}', "x[0]"),
        ("0,\n1,2\n", "row 1, column 2 is empty"),
        ("x,y\n0,1\n1,nan\n", "row 3, column 'y': 'nan'"),
        ("0,1e999999999\n1,2\n", "row 1, column 2: '1e999999999'"),
        ('{"x": [0, 1], "y": [" ", "a"]}', "y[0] is empty"),
    ],
)
def test_bad_data(refused, stdin, message):
    assert message in refused("memorize", "-", stdin=stdin)


def test_labels_that_floats_do_not_hold(run):
    result = run("memorize", "-", stdin="0,1e99999\n1,0\n2,-1e99999\n3,3\n")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "exact          all labels right" in result.stdout
    assert "float64        4 of 4 labels wrong" in result.stdout


def test_a_construction_that_does_not_apply(refused):
    message = refused("memorize", "-", "--construction", "grid", stdin="0,1\n1,0\n0.000001,1\n")
    assert "does not apply" in message


def test_the_advice_on_long_numbers(refused):
    message = refused("memorize", "-", "--max-digits", "3", stdin="x,y\n1234,1\n5,0\n")
    assert message.endswith("it needs more than 3 digits; --max-digits allows more")


def test_json_that_is_no_data(refused):
    network = '{"input_weights": ["1"], "biases": ["0"], "output_weights": ["2"]}'
    message = refused("memorize", "-", stdin=network)
    assert "the JSON object has no key 'x' (its keys: 'input_weights', 'biases', 'output_weights')" in message
    assert "[1, 2]" not in refused("memorize", "-", stdin='{"x": [1, 2]}')
