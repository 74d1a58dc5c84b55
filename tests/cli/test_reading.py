"""Data files: what is accepted means the same in every spelling, what is not is one clear sentence."""

import json
import re

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from exactrelu.arithmetic.errors import InputError
from exactrelu.cli.data import read_data
from exactrelu.cli.source import read_text
from exactrelu.functions.dataset import Dataset


@pytest.fixture
def file(tmp_path):
    """Writes bytes or text to a file and returns its name."""

    def write(content, name="data.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


POINTS = Dataset.read([1, 3], [2, "1/3"])


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n3,1/3\n",
        "1,2\n3,1/3",
        "x,y\n1,2\n3,1/3\n",
        "x;y\n1;2\n3;1/3\n",
        "sep=;\r\nx;y\r\n1;2\r\n3;1/3\r\n",
        "x\ty\n1\t2\n3\t1/3\n",
        "x|y\n1|2\n3|1/3\n",
        "x y\n 1   2\n 3\t1/3\n",
        "x , y\r\n1 , 2\r\n3 , 1/3\r\n",
        "x,y\r1,2\r3,1/3\r",
        "\ufeffx,y\n1,2\n3,1/3\n",
        '"x","y"\n"1","2"\n"3","1/3"\n',
        '"x, of course","y ""quoted"""\n1,2\n3,1/3\n',
        '"x" "y"\n1   "2"\n3\t1/3\n',
        '# measured on a Monday, 5" off\n\nx,y\n\n1,2\n,\n# end\n3,1/3\n\n',
        "x,y,,\n1,2,,\n3,1/3,,\n",
        "x,y\n1,2,\n3,1/3\n",
        "3,1/3\n1,2\n3,1/3\n",
        "1.0,2e0\n+3.,1/3\n",
        '{"x": [1, 3], "y": [2, "1/3"]}',
        '\ufeff\n {"y": [2.0, "1/3"], "title": {"deep": [null]}, "x": ["1", 0.03e2]}',
    ],
)
def test_spellings_of_the_same_points(file, text):
    assert read_data(file(text)).points == POINTS


def test_decimals_are_decimal_fractions(file):
    for text in ("0.1,-2.5e-3\n", '{"x": [0.1], "y": [-2.5e-3]}'):
        points = read_data(file(text)).points
        assert points == Dataset.read([mpq(1, 10)], [mpq(-1, 400)])


def test_columns_by_name_and_number(file):
    table = file("id,year,flow\n9,1,2\n8,3,1/3\n")
    for x, y in [("year", "flow"), ("2", "3"), (" year", "3")]:
        read = read_data(table, x=x, y=y)
        assert (read.points, read.x_name, read.y_name) == (POINTS, "year", "flow")
    assert read_data(file("2,1\n1/3,3\n"), y="1").points == POINTS
    assert read_data(file("2,1\n1/3,3\n"), x="2").points == POINTS
    # Numbers as names: asking for one of them makes the first row a header.
    read = read_data(file("2019,2020,2021\n1,2,0\n3,1/3,0\n"), x="2019", y="2020")
    assert (read.points, read.y_name) == (POINTS, "2020")
    assert read_data(file('{"a": [1, 3], "b": [2, "1/3"]}'), x="a", y="b").points == POINTS


def test_decimal_commas_do_not_confuse_the_delimiter(file):
    with pytest.raises(InputError, match=r"row 1, column 2: '2,5'.*decimal point"):
        read_data(file("1;2,5\n3;4,5\n"))


BAD = {
    "empty": ("", "the file is empty"),
    "blank lines": ("\n \n\r\n", "the file is empty"),
    "only comments": ("# nothing\n", "the file is empty"),
    "header only": ("x,y\n", "a header and no rows"),
    "one column": ("1\n2\n", "only one column"),
    "text": ("x,y\n1,2\n3,abc\n", "row 3, column 'y': 'abc'"),
    "text, no header": ("1,2\n3,abc\n", "row 2, column 2: 'abc'"),
    "text in the first row": ("1,abc\n3,4\n", "row 1, column 2: 'abc'"),
    "date": ("2020-01-31,5\n", "row 1, column 1: '2020-01-31'"),
    "nan": ("x,y\n1,nan\n", "row 2, column 'y': 'nan'"),
    "nan in the first row": ("nan,nan\n1,2\n", "row 1, column 1: 'nan'"),
    "inf": ("1,-inf\n", "row 1, column 2: '-inf'"),
    "minus sign in the first row": (
        "\u22122,\u22121\n1,2\n",
        "row 1, column 1: '\u22122': it is not a number such as 12, -0.5, 2.5e-3 or 1/3; "
        "the minus sign is the hyphen -",
    ),
    "thousands in the first row": ("1 000,2 000\n3,4\n", "row 1, column 1: '1 000'"),
    "other digits in the first row": ("\uff11,\u0662\n3,4\n", "row 1, column 1: '\uff11'"),
    "units in the first row": ("$5,6\u2030\n3,4\n", "row 1, column 1: '$5'"),
    "missing in the first row": ("-,None\n3,4\n", "row 1, column 1: '-'"),
    "a failed cell is no comment": ("1,2\n#N/A,3\n", "row 2, column 1: '#N/A'"),
    "failed cells in the first row": ("#REF!,#DIV/0!\n3,4\n", "row 1, column 1: '#REF!'"),
    "missing value": ("x,y\n1,2\n3,\n", "row 3, column 'y': the cell is empty"),
    "conflict": ("x,y\n1,2\n\n5,5\n1,3\n", "rows 2 and 5 have the same x = 1 but different y, 2 and 3"),
    "conflict after a quoted line break": ('"a\nb",y\n1,2\n1,3\n', "rows 3 and 4 have the same x"),
    "huge exponent": (
        "1,1e999999999\n",
        "'1e999999999': it needs more than 100000 digits; --max-digits allows more",
    ),
    "division by zero": ("1,1/0\n", "row 1, column 2: '1/0': it divides by zero"),
    "other digits": ("1,\u0661\n", "row 1, column 2"),
    "three columns": ("a,b,\n1,2,3\n", "choose two with --x and --y out of: 1 'a', 2 'b', 3"),
    "short row": ("1,2\n3\n4,5\n", "row 2 has 1 column, and the others have 2"),
    "long row": ("x,y\n1,2\n3,4,5\n", "row 3 has 3 columns, and the others have 2"),
    "open quote": ('1,2\n3,"4\n', "row 2 has a badly quoted cell"),
    "null byte": (b"1,2\n\x00", "binary file"),
    "utf-16": ("x,y\n1,2\n".encode("utf-16"), "UTF-16"),
    "latin-1": ("temp\xe9rature,y\n1,2\n".encode("latin-1"), "row 1 is not UTF-8"),
    "broken json": ('{"x": [1,\n2,', "broken JSON at row 2, character 3"),
    "json list": ("[[1, 2], [3, 4]]", "the JSON is a list"),
    "json other keys": ('{"X": [1], "Y": [2]}', "no key 'x' (its keys: 'X', 'Y')"),
    "json scalar": ('{"x": 1, "y": [2]}', "x is a number or string, and a list of numbers is expected"),
    "json null": ('{"x": [1, null], "y": [2, 3]}', "x[1] is null"),
    "json boolean": ('{"x": [1], "y": [true]}', "y[0] is a boolean"),
    "json nested": ('{"x": [[1]], "y": [1]}', "x[0] is a list"),
    "json minus sign": ('{"x": ["\u22121"], "y": [2]}', "the minus sign is the hyphen -"),
    "json text": ('{"x": ["1", "two"], "y": [1, 2]}', "x[1]: 'two'"),
    "json nan": ('{"x": [NaN], "y": [1]}', "NaN is not a finite number"),
    "json infinity": ('{"x": [-Infinity], "y": [1]}', "-Infinity is not a finite number"),
    "json huge": (
        '{"x": [1e999999999], "y": [1]}',
        "x[0]: '1e999999999': it needs more than 100000 digits; --max-digits allows more",
    ),
    "json lengths": ('{"x": [1], "y": [1, 2]}', "x has 1 entry and y has 2; they must have equally many"),
    "json empty": ('{"x": [], "y": []}', "the data are empty"),
    "json repeated key": ('{"x": [1], "x": [2], "y": [1]}', "the key 'x' appears twice"),
    "json repeated key after many": (
        "{" + "".join(f'"{i}": 1, ' for i in range(10**5)) + '"99999": 2}',
        "the key '99999' appears twice",
    ),
    "json conflict": ('{"x": [1, 1], "y": [1, 2]}', "rows 1 (index 0) and 2 (index 1) have the same x"),
    "json depth": ("[" * 100_000, "nested too deeply"),
    "json object depth": ('{"x":' * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_sentence(file, name):
    content, reason = BAD[name]
    path = file(content)
    with pytest.raises(InputError) as caught:
        read_data(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert reason in message
    assert "\n" not in message
    assert len(message) < len(path) + 300


@pytest.mark.parametrize(
    "options", [{"x": "a"}, {"y": "9", "x": "b"}, {"x": "b", "y": "2"}, {"x": "c", "y": "b"}]
)
def test_bad_choice_of_columns(file, options):
    with pytest.raises(InputError, match=r"--[xy]"):
        read_data(file("a,b,c,c\n1,2,3,4\n"), **options)


@pytest.mark.parametrize("pattern", ["1", "1,", "1 ", "a", '"', ";", "\t", "[", "1e", "(", "-", "\r"])
def test_ten_megabytes_of_anything_are_refused_quickly(file, pattern):
    path = file(pattern * (10**7 // len(pattern)))
    with pytest.raises(InputError) as caught:  # in quadratic time, hours
        read_data(path)
    assert len(str(caught.value)) < len(path) + 300


def test_places_that_are_no_files(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_data(str(tmp_path / "nowhere.csv"))
    with pytest.raises(InputError, match="directory"):
        read_data(str(tmp_path))
    with pytest.raises(InputError, match="cannot be read"):
        read_data("null\0byte.csv")


def test_bound_on_the_size(file):
    path = file("1,2\n3,4\n")
    assert read_text(path, max_bytes=8) == "1,2\n3,4\n"
    with pytest.raises(InputError, match="larger than 7 bytes"):
        read_text(path, max_bytes=7)


def test_max_digits(file):
    long = "1" * 5000
    assert read_data(file(f"{long},1\n"), max_digits=5000).points.x[0] == mpq(long)
    for text in (f"{long},1\n", f'{{"x": [{long}], "y": [1]}}'):
        with pytest.raises(InputError, match="more than 4999 digits"):
            read_data(file(text), max_digits=4999)


rationals = st.fractions().map(lambda q: mpq(q.numerator, q.denominator))
decimals = (
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str).map(lambda s: s.replace("E", "e"))
)


@given(
    points=st.dictionaries(rationals, st.one_of(rationals.map(str), decimals), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|", "  "]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    header=st.sampled_from([None, ("x", "y"), ("time in s", "Flow/m"), ("", "y")]),
    quote=st.booleans(),
)
def test_tables_are_read_back(tmp_path_factory, points, delimiter, end, header, quote):
    def line(cells):
        q = '"' if quote or (delimiter == "  " and cells is header) else ""
        return delimiter.join(f"{q}{cell}{q}" for cell in cells) + end

    rows = [line(header)] if header else []
    rows += [line((str(x), y)) for x, y in points.items()]
    path = tmp_path_factory.mktemp("table") / "t.csv"
    path.write_text("".join(rows), newline="")
    assert read_data(str(path)).points == Dataset.read(list(points), list(points.values()))


def points_or_message(path):
    try:
        return read_data(str(path)).points, None
    except InputError as error:
        return None, str(error)


alphabet = "0123456789.,;/eE+-nax\"'\n\r\t {}[]:#|"


@given(st.binary(max_size=60) | st.text(alphabet, max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "f"
    path.write_bytes(content)
    points, message = points_or_message(path)
    if message is None:
        assert points.n >= 1
    else:
        assert re.fullmatch(rf"{re.escape(str(path))}: [^\n]+", message)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
)


@given(json_values)
def test_any_json_is_read_or_refused(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("any") / "f.json"
    path.write_text(json.dumps(value))
    points, message = points_or_message(path)
    if message is None:
        # A scalar is no JSON document here but a table, and no table of one column is accepted.
        assert isinstance(value, dict)
        assert points.n == len(set(map(mpq, map(str, value["x"]))))
