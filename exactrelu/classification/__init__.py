"""Univariate classification: max-margin functions, KKT points, gradient flow (Safran, Vardi, Lee 2022)."""

from exactrelu.classification.flow import FlowRun, gradient_flow, initial_network
from exactrelu.classification.flow_enclosure import flow_enclosure
from exactrelu.classification.flow_result import FlowEnclosure, FlowEvent, FlowSegment, FlowState
from exactrelu.classification.kkt import KKTAnswer, kkt_certificate
from exactrelu.classification.regions import Regions, effective_regions, regions
from exactrelu.classification.residual import KKTResidual, kkt_residual
from exactrelu.classification.result import MaxMarginClassifier
from exactrelu.classification.solve import classify, max_margin_classifier

__all__ = [
    "FlowEnclosure",
    "FlowEvent",
    "FlowRun",
    "FlowSegment",
    "FlowState",
    "KKTAnswer",
    "KKTResidual",
    "MaxMarginClassifier",
    "Regions",
    "classify",
    "effective_regions",
    "flow_enclosure",
    "gradient_flow",
    "initial_network",
    "kkt_certificate",
    "kkt_residual",
    "max_margin_classifier",
    "regions",
]
