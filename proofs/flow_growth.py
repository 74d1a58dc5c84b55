"""How fast two solutions of the gradient flow can depart from each other."""

import sympy as sp

from proofs.notation import positives, reals
from proofs.vocabulary import Proof, assume, claim, main, prose, step, therefore, uses


def proof() -> Proof:
    """The field is a gradient, and its derivative is bounded by the pulls, however stiff it is."""
    this = claim(
        "Gradient flow of log L: errors grow at most at the rate of the largest pull",
        "Let q_i = s_i N(x_i), N(x) = Σ v_j σ'_ij (w_j x + b_j) with σ'_ij fixed, 0 or 1, and p_i = "
        "-ℓ'(q_i)/L, L = Σ ℓ(q_i). Two solutions of θ' = F(θ) = Σ p_i ∇q_i depart from each other at most at "
        "the rate μ of their distance. For ℓ(q) = e^-q, μ is the largest value between them of max_j "
        "|(P, B)_j|, (P, B)_j = Σ p_i s_i σ'_ij (x_i, 1), at most max_i √(1+x_i²). For ℓ(q) = log(1+e^-q), "
        "r = -ℓ', it is that of the sum of this and Σ p_i max(0, Σp + r_i - 1) |∇q_i|². The same holds for "
        "the field Π F(Π θ) of a flow on a subspace, Π the projection on it.",
        source="Derived for exactrelu; logarithmic norms: Dahlquist, Lozinskii 1958",
    )
    q, u = reals("q_1 q_2"), reals("u_1 u_2 u_3")
    loss = sp.log(sp.exp(-q[0]) + sp.exp(-q[1]))
    p = [sp.exp(-each) / (sp.exp(-q[0]) + sp.exp(-q[1])) for each in q]
    step("two data, ℓ(q) = e^-q: -∇ log L = Σ p_i ∇q_i", -sp.diff(loss, q[0]), "=", p[0])
    prose("in general by the chain rule: F = -∇ log L, so that its derivative J = -∇² log L is symmetric")
    prose(
        "J = Σ p_i ∇²q_i - Gᵀ H G, where G has the rows ∇q_i and H = diag(ℓ''_i/L) - p pᵀ is the second "
        "derivative of log L with respect to q"
    )
    step("ℓ(q) = e^-q has ℓ'' = -ℓ'", sp.diff(sp.exp(-q[0]), q[0], 2), "=", -sp.diff(sp.exp(-q[0]), q[0]))
    y = positives("y")
    slope = y / (1 + y)
    step(
        "ℓ(q) = log(1+y), y = e^-q, has -ℓ' = y dℓ/dy = r = y/(1+y), as y' = -y",
        y * sp.diff(sp.log(1 + y), y), "=", slope,
    )
    step("and ℓ'' = -r' = y dr/dy = r (1-r)", y * sp.diff(slope, y), "=", slope * (1 - slope))

    shares = positives("p_1 p_2 p_3")
    total = sum(shares)
    first = sum(a * b for a, b in zip(shares, u, strict=True))
    second = sum(a * b**2 for a, b in zip(shares, u, strict=True))
    pairs = sum(
        shares[i] * shares[k] * (u[i] - u[k]) ** 2 for i, k in ((0, 1), (0, 2), (1, 2))
    )
    step(
        "Σp Σ p_i u_i² - (Σ p_i u_i)² = Σ p_i p_k (u_i - u_k)² over the pairs (three data)",
        total * second - first**2, "=", pairs,
    )
    step("which is not negative", pairs, ">=", 0)
    prose("ℓ(q) = e^-q: Σp = 1, so u·H u >= 0")
    r = positives("r_1 r_2 r_3")
    logistic = sum(a * (1 - c) * b**2 for a, b, c in zip(shares, u, r, strict=True)) - first**2
    step(
        "ℓ(q) = log(1+e^-q): u·H u + Σ p_i (Σp + r_i - 1) u_i² is the same sum",
        logistic + sum(a * (total + c - 1) * b**2 for a, b, c in zip(shares, u, r, strict=True)), "=", pairs,
    )
    prose("and u = G e has |u_i| <= |∇q_i| |e|")
    therefore("-e·Gᵀ H G e is at most 0, or |e|² Σ p_i max(0, Σp + r_i - 1) |∇q_i|².")

    w, b, v, x = reals("w b v x")
    theta = (w, b, v)
    step(
        "∇²(v (w x + b)) pairs v with (w, b)",
        sp.hessian(v * (w * x + b), theta), "=", sp.Matrix([[0, 0, x], [0, 0, 1], [x, 1, 0]]),
    )
    prose("so e·Σ p_i ∇²q_i e is the sum of 2 e_v (P e_w + B e_b) over the units")
    pull, level, size = *reals("P B"), positives("lambda")
    ew, eb, ev = reals("e_w e_b e_v")
    along, across = pull * ew + level * eb, pull * eb - level * ew
    step(
        "for λ² = P² + B², λ |e|² - 2 e_v (P e_w + B e_b) is a sum of squares over λ",
        (size**2 * ev**2 + (pull**2 + level**2) * (ew**2 + eb**2)) - 2 * size * ev * along, "=",
        (size * ev - along) ** 2 + across**2,
    )
    therefore("e·Σ p_i ∇²q_i e <= max_j |(P, B)_j| |e|², also where a pull is 0.")

    prose(
        "for ℓ(q) = e^-q the pull is an average of vectors of lengths at most √(1+x_i²), as Σp = 1"
    )
    uses("gradient_flow", "where a kink slides, the normal part of the motion, along (x_i, 1), is taken away")
    assume("e·J e <= μ |e|² for all e, μ >= 0; Π J Π is the derivative of Π F(Π θ)")
    prose("e·Π J Π e = (Πe)·J (Πe) <= μ |Πe|² <= μ |e|², as a projection is symmetric and shortens")
    prose(
        "for two solutions with the difference e, ½ (|e|²)' = e·(F(θ+e) - F(θ)) is the mean of e·J e over "
        "the segment between them: at most μ |e|²; so |e| grows at most at the rate μ (Gronwall)"
    )
    therefore("the distance after a time t is at most e^(μt) times that before.")
    return this


if __name__ == "__main__":
    main(proof)
