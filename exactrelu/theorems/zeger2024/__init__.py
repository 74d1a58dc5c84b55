"""E. Zeger, Y. Wang, A. Mishkin, T. Ergen, E. Candès, M. Pilanci, A Library of Mirrors: Deep Neural Nets in
Low Dimensions are Convex Lasso Models with Reflection Features, 2024 (arXiv 2403.01046).

Parallel networks of one input with ``L`` layers, trained on ``½ Σ (f(x_i) - y_i)² + (β/L) Σ |θ_w|^L`` with
free biases, and the Lasso problem ``½|A z + ξ - y|² + β|z|_1`` over a dictionary of fixed columns. One file
each: both have the same optimum; β_max; what the dictionary must contain (the dual norms); how the optimum
depends on depth; the limit β → 0; sign networks; reflected breakpoints; the regularisation path.

What a source calls derived for this project is not in the paper, whose versions differ in scope.
"""

from exactrelu.theorems.zeger2024 import (
    beta_max,
    depth,
    dual_norms,
    equivalence,
    limits,
    path,
    reflections,
    signs,
)

__all__ = ["beta_max", "depth", "dual_norms", "equivalence", "limits", "path", "reflections", "signs"]
