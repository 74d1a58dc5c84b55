"""Files that PyTorch itself wrote, for the tests, and a check of our reader and writer against PyTorch.

The test suite needs no PyTorch, which brings gigabytes of CUDA: it reads the files in `torch/`. Where it is
installed, ``python tests/interop/torch_peer.py`` has it read and write everything again and compares;
with the argument ``write`` it makes the files anew.
"""

import copy
import json
import sys
import tempfile
import warnings
from pathlib import Path
from unittest.mock import patch

FILES = Path(__file__).parent / "torch"
POINTS = [-3.0, -1.25, -0.5, 0.0, 0.3125, 1.0, 2.75]


def training_data():
    """Nine points of a sine."""
    import torch

    x = torch.linspace(-2, 2, 9)[:, None]
    return x, torch.sin(2 * x)


def models():
    """What is saved: the name of the file, the content, and the network in it, in float64."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    x, y = training_data()
    trained = nn.Sequential(nn.Linear(1, 200), nn.ReLU(), nn.Linear(200, 1))
    optimizer = torch.optim.Adam(trained.parameters(), lr=0.02)
    for _ in range(300):
        optimizer.zero_grad()
        ((trained(x) - y) ** 2).mean().backward()
        optimizer.step()
    yield "trained.pt", trained.state_dict(), trained
    small = nn.Sequential(nn.Linear(1, 3), nn.ReLU(), nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 1))
    steps = torch.optim.Adam(small.parameters())
    ((small(x) - y) ** 2).mean().backward()
    steps.step()
    checkpoint = {"epoch": 3, "model_state_dict": small.state_dict(), "optimizer": steps.state_dict()}
    yield "checkpoint.pth", checkpoint, small
    yield "older.pt", small.state_dict(), small
    modules = nn.Sequential(
        nn.Flatten(),
        nn.Sequential(nn.Linear(1, 3), nn.LeakyReLU(0.25), nn.Dropout()),
        nn.Identity(),
        nn.Linear(3, 2, bias=False),
        nn.ReLU(),
        nn.Linear(2, 1),
    )
    yield "modules.pt", modules.eval(), modules
    yield "older_modules.pt", modules, modules
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        layer = nn.Linear(1, 2, dtype=dtype)
        yield f"{str(dtype).removeprefix('torch.')}.pt", layer.state_dict(), layer
    shared = torch.randn(7)
    views = nn.Sequential(nn.Linear(1, 2), nn.ReLU(), nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
    state = views.state_dict()
    state["2.weight"] = shared[1:5].view(2, 2).t()
    state["2.bias"] = shared[::4]
    views.load_state_dict(state)
    yield "views.pt", state, views


def refused():
    """What is not to be loaded."""
    import torch
    from torch import nn

    yield "batchnorm.pt", nn.BatchNorm1d(3).state_dict()
    yield "convolution.pt", nn.Conv1d(1, 1, 1).state_dict()
    yield "integers.pt", {"0.weight": torch.zeros(1, 1, dtype=torch.int8)}
    yield "sparse.pt", {"0.weight": torch.zeros(2, 2).to_sparse()}
    yield "not_a_number.pt", {"0.weight": torch.full((1, 1), torch.nan)}
    yield "misfit.pt", {"0.weight": torch.ones(2, 1), "1.weight": torch.ones(1, 3)}
    yield "only_bias.pt", {"0.bias": torch.zeros(2)}
    yield "empty.pt", {}
    yield "list.pt", [1, 2]
    yield "tanh.pt", nn.Sequential(nn.Linear(1, 1), nn.Tanh())
    yield "flatten.pt", nn.Sequential(nn.Flatten(0), nn.Linear(1, 1))
    hooked = nn.Linear(1, 1)
    hooked.register_forward_hook(nn.Identity())
    yield "hooked.pt", hooked


def write():
    """Make all files anew."""
    import torch

    FILES.mkdir(exist_ok=True)
    expected = {}
    for name, content, module in models():
        with patch("torch.serialization.get_source_lines_and_file", side_effect=OSError):  # no source in it
            torch.save(content, FILES / name, _use_new_zipfile_serialization=not name.startswith("older"))
        linear = [m for m in module.modules() if isinstance(m, torch.nn.Linear)]
        weights = [
            [m.weight.double().tolist(), m.bias.double().tolist() if m.bias is not None else None]
            for m in linear
        ]
        with torch.no_grad():
            values = module.double()(torch.tensor(POINTS, dtype=torch.float64)[:, None]).tolist()
        expected[name] = {"weights": weights, "values": values}
    x, y = training_data()
    expected["data"] = {"x": x.double().flatten().tolist(), "y": y.double().flatten().tolist()}
    for name, content in refused():
        torch.save(content, FILES / name)
    torch.jit.script(torch.nn.Linear(1, 1)).save(FILES / "script.pt")
    model = torch.nn.Sequential(
        torch.nn.Linear(1, 4), torch.nn.ReLU(), torch.nn.Linear(4, 3), torch.nn.LeakyReLU(0.5)
    )
    torch.save(model, FILES / "exported.pt")
    torch.onnx.export(model, (torch.zeros(2, 1),), str(FILES / "exported.onnx"), dynamo=False)
    (FILES / "expected.json").write_text(json.dumps(expected) + "\n")


def compare():
    """Our reader and writer against PyTorch's, on models in memory and on files."""
    import torch
    from torch import nn

    import exactrelu as er

    for name, content, module in models():
        network = er.load_network(module)
        with tempfile.TemporaryDirectory() as folder:
            torch.save(content, f"{folder}/m.pt")
            assert er.load_network(f"{folder}/m.pt") == network, name
        with torch.no_grad():
            values = copy.deepcopy(module).double()(torch.tensor(POINTS, dtype=torch.float64)[:, None])
        for exact, value in zip(network(POINTS), values, strict=True):
            entries = exact if network.outputs > 1 else [exact]
            assert all(abs(float(a) - float(b)) < 1e-12 for a, b in zip(entries, value, strict=True)), name
    network = er.load_network(FILES / "checkpoint.pth")
    with tempfile.TemporaryDirectory() as folder:
        for dtype in ("float16", "float32", "float64"):
            done = er.save_network(network, f"{folder}/n.pt", dtype=dtype)
            state = torch.load(f"{folder}/n.pt", weights_only=True)
            model = nn.Sequential(nn.Linear(1, 3), nn.ReLU(), nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 1))
            model.to(getattr(torch, dtype)).load_state_dict(state)
            assert er.load_network(model) == done.network == er.load_network(f"{folder}/n.pt")

    class Mine(nn.Linear):
        def forward(self, x):
            return super().forward(x) ** 2

    for refusal in (Mine(1, 1), nn.Sequential(nn.Tanh()), nn.Sequential(nn.Linear(1, 1), nn.BatchNorm1d(1))):
        try:
            er.load_network(refusal)
        except er.UnsupportedError as error:
            print("refused:", error)
        else:
            raise AssertionError(refusal)
    print(f"PyTorch {torch.__version__} agrees")


if __name__ == "__main__":
    warnings.simplefilter("ignore", DeprecationWarning)  # PyTorch's, of its exporters
    if "write" in sys.argv[1:]:
        write()
    compare()
