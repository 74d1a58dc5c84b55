"""Proofs that a machine has read, what turned out false, and searches for smallest counterexamples.

``python -m proofs`` runs all proofs, ``python -m proofs.NAME`` one, ``python -m proofs.errata`` replays the
counterexamples of ``ERRATA.md``; ``README.md`` is the index.
"""

NAMES = (
    # sums of square roots
    "square_roots",
    # what a function costs
    "path_norm",
    "cost_free_skip",
    "cost_free_no_skip",
    "cost_penalized_skip",
    "cost_penalized_no_skip",
    "bias_excess",
    "cost_order",
    # free biases: ridgeless interpolants
    "weak_duality",
    "ridgeless_members",
    "sparsest_count",
    "ridgeless_lipschitz",
    "free_no_skip_minimum",
    # penalised biases: the dual plane and the dual
    "dual_plane",
    "dual_feasibility",
    "dual_attained",
    "touching_points",
    "reflection_law",
    "outer_gaps",
    "unique_minimiser",
    "kink_count",
    "sign_law",
    # the solver
    "independent_runs",
    "sleeve",
    "rational_kinks",
    "single_radical",
    "value_function",
    "dual_construction",
    "certified_approximation",
    "bounds_without_skip",
    "minimum_without_skip",
    # sparsity
    "run_kinks",
    "sparsity",
    "six_points",
    # deep networks of one input as Lasso problems
    "lasso_optimality",
    "ramp_dictionary",
    "lasso_limits",
    "lasso_equivalence",
    "mirror_dictionary",
    "sign_networks",
    # memorisation
    "kinks_as_layers",
    "bit_extraction",
    "triangle_waves",
    "many_bits",
    "grid_memorization",
    "separated_memorization",
    "parameter_growth",
    "linear_pieces",
    "sign_patterns",
    "shattered_points",
    "memorization_barrier",
    # classification
    "half_planes",
    "classification_closed_form",
    "margin_points",
    "kkt_points",
    "gradient_flow",
    "flow_growth",
    "no_skip_dual",
    "suboptimal_kkt",
    "labels_of_one_sort",
    "smallest_kkt",
    "kkt_touches",
    "kkt_regions",
    "effective_regions",
)
"""The proofs, each after those that it uses."""
