"""Campaigns: streams of random instances, the runner, shrinking, reports.

The rest of the package loads with the first campaign.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exactrelu.campaign.examine import instance
    from exactrelu.campaign.replaying import replay
    from exactrelu.campaign.report import Report
    from exactrelu.campaign.resuming import resume
    from exactrelu.campaign.runner import verify
    from exactrelu.campaign.shrink import simplest
    from exactrelu.campaign.sources import load

__all__ = ["Report", "instance", "load", "replay", "resume", "simplest", "verify"]

_HOME = {
    "instance": "examine",
    "Report": "report",
    "verify": "runner",
    "load": "sources",
    "replay": "replaying",
    "resume": "resuming",
    "simplest": "shrink",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
