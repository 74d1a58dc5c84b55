"""`exactrelu classify` and `exactrelu regions`."""

import json

import pytest

import exactrelu as er
from exactrelu.interop import save_network

ZIGZAG = "-2,1\n-1,-1\n1,1\n2,-1\n"


def lines(result):
    assert result.exit_code == 0, result.output
    return {
        k.strip(): v.strip() for k, v in (line.split("  ", 1) for line in result.stdout.splitlines() if line)
    }


def lines_below(result):
    """The summary below the table of kinks."""
    assert result.exit_code == 0, result.output
    return {
        k.strip(): v.strip()
        for k, v in (line.split("  ", 1) for line in result.stdout.split("\n\n")[-1].splitlines())
    }


def flow_table(result):
    """The cells of the table of --flow."""
    assert result.exit_code == 0, result.output
    rows = result.stdout.split("converged\n")[1].split("\n\n")[0]
    return [row.split() for row in rows.splitlines()]


# -- classify -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "norm"),
    [
        ((), "6*sqrt(2)"),
        (("--free-bias",), "6"),
        (("--free-bias", "--no-skip"), "6"),
        (("--no-skip",), "6*sqrt(2)"),
    ],
)
def test_four_variants(run, options, norm):
    found = lines(run("classify", *options, "-", stdin=ZIGZAG))
    assert found["minimal norm"].split(" ~")[0] == norm
    assert found["certified"] == "yes"
    assert found["data"] == "y over x: 4 points, -2 to 2, 3 switches"


def test_zeros_and_ones_are_labels(run):
    other = ZIGZAG.replace(",-1", ",0")
    assert run("classify", "-", stdin=other).stdout == run("classify", "-", stdin=ZIGZAG).stdout


def test_json_is_exact_and_the_certificate_is_accepted(run, tmp_path):
    result = run("classify", "--json", "--certificate", "proof.json", "-", stdin=ZIGZAG)
    document = json.loads(result.stdout)
    assert document["schema"] == "exactrelu/classifier/1"
    assert document["kinks"] == [["-1", "3"], ["1", "-3"]]
    assert (document["slope"], document["intercept"]) == ("-2", "-3")
    assert document["cost"]["terms"] == [["6", "2"]]
    assert (document["unique"], document["switches"], document["certified"]) == (True, 3, True)
    assert document["margins"] == ["1"] * 4
    assert run("check", "proof.json").exit_code == 0
    text = (tmp_path / "proof.json").read_text()
    altered = json.loads(text)
    altered["primal"]["function"]["kinks"][0][1] = "4"
    (tmp_path / "proof.json").write_text(json.dumps(altered))
    assert run("check", "proof.json").exit_code == 1


def test_flow_says_how_close_it_came(run):
    result = run("classify", "--flow", "2", "--width", "16", "-", stdin="-1,1\n1,-1\n")
    table = flow_table(result)
    assert [row[:2] for row in table] == [["0", "100"], ["1", "100"]]
    assert all(0.9 < float(row[-2]) <= 1 and row[-1] == "yes" for row in table)
    document = json.loads(run("classify", "--flow", "1", "--json", "-", stdin="-1,1\n1,-1\n").stdout)
    (found,) = document["flow"]
    assert (found["accuracy"], found["converged"], found["ending"]) == ("1", True, "margin")
    assert er.rational(found["kkt_residual"]) < er.rational("1/20")
    assert 1 <= found["effective_regions"] <= found["linear_regions"]
    share = found["margin_over_best"]
    assert er.rational("9/10") < er.rational(share["lower"]) <= er.rational(share["upper"]) < 1


def test_a_network_that_does_not_classify_has_no_residual_and_no_margin(run):
    result = run("classify", "--flow", "1", "--width", "1", "-", stdin="-1,1\n1,-1\n2,1\n3,-1\n")
    assert flow_table(result)[0][-4:] == ["-", "-", "-", "no"]
    assert "1 of 1 runs did not converge" in result.stdout
    assert "--width" in result.stdout.splitlines()[-1]


@pytest.mark.parametrize("data", ["3,1\n", "3,1\n3,1\n", "0,0\n"])
def test_flow_on_one_point(run, data):
    assert flow_table(run("classify", "--flow", "1", "-", stdin=data))[0][3] == "1"


@pytest.mark.parametrize(
    "data", ["1e6,1\n1000001,-1\n", "1e-300,1\n-1e-300,-1\n", "1000,1\n1001,-1\n1003,1\n"]
)
def test_flow_on_badly_scaled_data_says_so(run, data):
    result = run("classify", "--flow", "2", "-", stdin=data)
    assert [row[-1] for row in flow_table(result)] == ["no", "no"]
    assert "centre and scale" in result.stdout.splitlines()[-1]


def test_the_answer_is_printed_before_the_flow_and_outlives_it(run):
    many = "".join(f"{k},{1 - 2 * (k % 2)}\n" for k in range(40))
    result = run("classify", "--flow", "200", "--width", "300", "--timeout", "3", "-", stdin=many)
    assert result.exit_code == 2
    assert result.stdout == run("classify", "-", stdin=many).stdout
    assert "the classifier was found, but --flow was not done within 3 seconds" in result.stderr
    assert result.stderr.count("\n") == 1
    result = run("classify", "--json", "--flow", "200", "--width", "300", "--timeout", "3", "-", stdin=many)
    assert result.exit_code == 2
    document = json.loads(result.stdout)
    assert (document["certified"], document["flow"]) == (True, None)


def test_what_the_certificate_does_not_prove_is_said(run, tmp_path):
    result = run("classify", "--no-skip", "--certificate", "c.json", "-", stdin="1,1\n3,1\n")
    found = lines_below(result)
    assert found["minimal norm"].startswith("sqrt(2)/2 ~ 0.7071")
    assert found["unique"] == "yes (proved, but not in the certificate)"
    assert found["certified"].startswith("yes, between 0.7071")
    relation = json.loads((tmp_path / "c.json").read_text())["relation"]
    document = json.loads(run("classify", "--json", "--no-skip", "-", stdin="1,1\n3,1\n").stdout)
    assert document["certified_bounds"] == relation
    assert (document["unique"], document["certified_unique"]) == (True, False)
    assert er.rational(relation["lower"]) ** 2 < er.rational("1/2") < er.rational(relation["upper"]) ** 2
    # An enclosure says that its bounds are what is certified; an exact certificate needs no remark.
    assert (
        lines_below(run("classify", "--no-skip", "-", stdin="0,-1\n1,1\n"))["certified"]
        == "yes, these bounds"
    )
    plain = json.loads(run("classify", "--json", "-", stdin=ZIGZAG).stdout)
    assert (plain["certified_bounds"], plain["certified_unique"]) == (None, True)


def test_json_may_call_the_labels_labels(run):
    document = json.dumps({"x": [-2, -1, 1, 2], "labels": [1, -1, 1, -1]})
    assert lines(run("classify", "-", stdin=document)) == lines(run("classify", "-", stdin=ZIGZAG)) | {
        "data": "labels over x: 4 points, -2 to 2, 3 switches"
    }


def test_labels_of_certificates(run, tmp_path):
    run("classify", "--certificate", "c.json", "-", stdin=ZIGZAG)
    problem = json.loads((tmp_path / "c.json").read_text())["problem"]
    assert run("classify", "-", stdin=json.dumps(problem)).exit_code == 0


def test_the_label_is_the_last_column(run):
    table = "a,b,label\n0,9,1\n1,8,-1\n"
    assert lines(run("classify", "--x", "b", "-", stdin=table))["data"].startswith(
        "label over b: 2 points, 8 to 9"
    )
    assert lines(run("classify", "--x", "b", "--y", "label", "-", stdin=table))["function"] == "2 * x - 17"


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        ((), "", ["standard input", "empty"]),
        ((), "0,1\n1,2\n", ["label at x = 1 is 2", "-1 and 1, or 0 and 1"]),
        ((), "0,-1\n1,0\n2,1\n", ["labels -1, 0 and 1 at once"]),
        ((), "x,y\n0,1\n3,1\n0,-1\n", ["rows 2 and 4", "x = 0"]),
        ((), "0,1\n1,cat\n", ["row 2", "'cat'", "labels are -1 and 1, or 0 and 1"]),
        ((), '{"x": [0, 1], "y": [true, false]}', ["y[0]", "labels are -1 and 1, or 0 and 1"]),
        ((), '{"x": [0, 1], "labels": ["a", "b"]}', ["labels[0]", "write -1 for 'a' and 1 for 'b'"]),
        ((), "x,animal\n0,dog\n1,cat\n3,dog\n", ["row 2", "'dog'", "write -1 for 'cat' and 1 for 'dog'"]),
        (("--no-skip",), "1e99990,1\n", ["beyond the checker's limits", "--max-digits"]),
        ((), "0,1\nnan,1\n", ["row 2", "'nan'"]),
        ((), "a,b,label\n0,9,1\n", ["3 columns", "--x"]),
        (("--x", "label"), "a,b,label\n0,9,1\n", ["the same", "label"]),
        (("--width", "3"), "0,1\n", ["--flow"]),
        (("--flow", "0"), "0,1\n", ["--flow"]),
        (("--flow", "1"), "0,1\n1e400,-1\n", ["too large", "float"]),
        (("--tolerance", "0", "--no-skip"), "0,1\n", ["positive"]),
        (("--plot", "p.txt"), "0,1\n", [".png"]),
    ],
)  # fmt: skip
def test_refused(refused, arguments, stdin, words):
    message = refused("classify", *arguments, "-", stdin=stdin)
    assert all(word in message for word in words), message


# -- regions --------------------------------------------------------------------------------------------


def network(tmp_path, document):
    (tmp_path / "n.json").write_text(json.dumps(document))
    return "n.json"


def test_units_that_cancel(run, tmp_path):
    path = network(tmp_path, {"input_weights": [1, 2, 1], "biases": [0, 0, -1], "output_weights": [2, -1, 1]})
    assert run("regions", path).stdout == (
        "network         1 hidden layer, 3 units\n"
        "linear regions  2 of the function\n"
        "                3 of the activation pattern\n"
        "kinks           at 1\n"
    )
    document = json.loads(run("regions", "--json", path).stdout)
    assert (document["linear_regions"], document["activation_regions"], document["units"]) == (2, 3, 3)
    listed = run("regions", "--list", path).stdout.splitlines()
    assert [row.split()[:3] for row in listed[1:3]] == [["1", "-inf", "1"], ["2", "1", "inf"]]


def test_deep_networks(run, tmp_path):
    tent = {"weights": [[2], [4]], "biases": [0, -2]}
    fold = {"weights": [[2, -2], [4, -4]], "biases": [0, -2]}
    last = {"weights": [[1, -1]], "biases": [0]}
    path = network(tmp_path, {"layers": [tent, fold, fold, last]})
    assert "10 of the function" in run("regions", path).stdout
    path = network(tmp_path, {"layers": [tent, *[fold] * 59, last]})
    assert run("regions", path).stdout == (
        "network         60 hidden layers, 120 units\n"
        f"linear regions  {2**60 + 2} of the function\n"
        "kinks           too many to be listed\n"
    )
    document = json.loads(run("regions", "--json", path).stdout)
    assert (document["linear_regions"], document["units"], document["kinks"]) == (2**60 + 2, 120, None)


def test_regions_of_functions_as_other_commands_print_them(run, tmp_path):
    printed = {
        "interpolate": run("interpolate", "--json", "-", stdin="0,0\n1,1\n2,0\n5,1\n").stdout,
        "classify": run("classify", "--json", "-", stdin=ZIGZAG).stdout,
    }
    for text in printed.values():
        f = er.PiecewiseLinear.from_json({k: json.loads(text)[k] for k in ("slope", "intercept", "kinks")})
        found = run("regions", "-", stdin=text)
        assert found.stdout.splitlines()[0] == f"linear regions  {f.linear_regions}"
        document = json.loads(run("regions", "--json", "-", stdin=text).stdout)
        assert (document["linear_regions"], document["activation_regions"]) == (f.linear_regions, None)
        assert run("inspect", "--json", "-", stdin=text).exit_code == 0
    assert "kinks           at -1, 1\n" in run("regions", "-", stdin=printed["classify"]).stdout
    thirds = {"slope": 0, "intercept": 0, "kinks": [["1/3", 1], [2, -1]]}
    assert "at ~ 0.333333, 2\n" in run("regions", "-", stdin=json.dumps(thirds)).stdout
    straight = {"slope": 1, "intercept": 0, "kinks": []}
    assert run("regions", "-", stdin=json.dumps(straight)).stdout.endswith("kinks           none\n")


def test_regions_of_a_sparse_network(run, tmp_path):
    layers = [
        {"inputs": 1, "weights": [{"0": 1}, {}], "biases": [0, 3]},
        {"inputs": 2, "weights": [{"0": 2}], "biases": [0]},
    ]
    assert "2 of the function" in run("regions", network(tmp_path, {"layers": layers})).stdout


def test_a_state_dict_does_not_say_what_acts_between_its_layers(run, tmp_path):
    """One unit: of the line x -> x, kinked at 0 by each activation differently."""
    hat = er.DeepNetwork([([[1]], [0]), ([[1]], [0])])
    save_network(hat, tmp_path / "n.pt")
    for command in ("regions", "inspect", "norm"):
        silent = run(command, "--activation", "relu", "n.pt")
        assert (silent.exit_code, silent.stderr) == (0, "")
        told = run(command, "n.pt")
        assert told.stdout == silent.stdout
        assert told.stderr.startswith("note: n.pt: read with ReLU between its layers")
        assert "--activation" in told.stderr
    refused = run("regions", "--activation", "abs", "n.pt")
    assert refused.exit_code == 2
    assert "other activations than ReLU" in refused.stderr
    save_network(hat, tmp_path / "n.json")
    assert run("regions", "n.json").stderr == ""


def test_regions_refuses_two_inputs(refused, tmp_path, run):
    path = network(
        tmp_path, {"layers": [{"weights": [[1, 1]], "biases": [0]}, {"weights": [[1]], "biases": [0]}]}
    )
    assert "2 and 1" in refused("regions", path)
    assert "no such file" in refused("regions", "nothing.json")
