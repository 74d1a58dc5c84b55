"""Piecewise-linear functions, data, shallow and deep networks, and their norms."""

from exactrelu.functions.balanced import BalancedNetwork
from exactrelu.functions.bias_path import BiasPathExcess, affine_demand, bias_path_excess
from exactrelu.functions.dataset import Dataset
from exactrelu.functions.deep_network import DeepNetwork
from exactrelu.functions.norms import representation_cost, total_variation, weighted_total_variation
from exactrelu.functions.piecewise_linear import PiecewiseLinear
from exactrelu.functions.shallow_network import ShallowNetwork

__all__ = [
    "BalancedNetwork",
    "BiasPathExcess",
    "Dataset",
    "DeepNetwork",
    "PiecewiseLinear",
    "ShallowNetwork",
    "affine_demand",
    "bias_path_excess",
    "representation_cost",
    "total_variation",
    "weighted_total_variation",
]
