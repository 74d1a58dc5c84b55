"""Pictures, with the optional dependency matplotlib (`pip install '.[plot]'` in a clone).

Every function returns a matplotlib `Figure`, which a notebook shows; `save` writes it as PNG, PDF or SVG.

>>> import exactrelu as er
>>> bend = er.plotting.figure(er.min_norm_interpolant([0, 1, 2, 3], [0, 0, 1, 3]))
>>> er.plotting.image(bend, "bend.svg")[:5]  # the bytes that `save` writes
b'<?xml'
"""

from exactrelu.plotting.campaign import campaign
from exactrelu.plotting.classification import classifier, flow
from exactrelu.plotting.dispatch import figure
from exactrelu.plotting.dual import dual_certificate
from exactrelu.plotting.interpolant import interpolant
from exactrelu.plotting.lasso_path import path_figure
from exactrelu.plotting.memorization import growth_figure
from exactrelu.plotting.networks import network
from exactrelu.plotting.plane import dual_plane
from exactrelu.plotting.style import FORMATS, check_target, image, save

__all__ = [
    "FORMATS",
    "campaign",
    "check_target",
    "classifier",
    "dual_certificate",
    "dual_plane",
    "figure",
    "flow",
    "growth_figure",
    "image",
    "interpolant",
    "network",
    "path_figure",
    "save",
]
