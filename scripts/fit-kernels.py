"""Fits the polynomial and rational approximations of the float32 kernels, and measures them.

Usage: python3 scripts/fit-kernels.py [OUT.md]      (needs numpy, scipy and mpmath; half a minute)

Each function is fitted in two steps: a relative minimax fit in high precision (Lawson's reweighted least squares;
for quotients with Sanathanan-Koerner's linearisation), then rounding of the coefficients to float32, one at a time
from the constant end, with a new fit of those that are still free after each. The result is then evaluated in
simulated float32, one rounding after each multiplication and addition and no fused operation, and compared with
float64 on a dense sample: uniform points, points spread evenly over the float32 bit patterns, tiny values, and every
float32 beside each boundary. NaN and infinities are the kernels' own business.
"""
import sys

import mpmath as mp
import numpy as np

f4 = np.float32
mp.mp.dps = 40


# --- fitting -------------------------------------------------------------------------------------------------------


def chebyshev_points(a, b, n):
    k = np.arange(n)
    return (a + b) / 2 + (b - a) / 2 * np.cos(np.pi * (k + 0.5) / n)


def solve(rows, right, weights):
    """Weighted least squares by the normal equations: their squared condition number needs the 40 digits."""
    scaled = [[c * w for c in row] + [v * w] for row, v, w in zip(rows, right, weights)]
    columns = list(zip(*scaled))
    n = len(columns) - 1
    gram = mp.matrix(n, n)
    b = mp.matrix(n, 1)
    for i in range(n):
        for j in range(i, n):
            gram[i, j] = gram[j, i] = mp.fdot(columns[i], columns[j])
        b[i] = mp.fdot(columns[i], columns[n])
    return list(mp.lu_solve(gram, b))


def fit(points, basis_p, basis_q, target, scale, p, q, rounds=25):
    """Fits target ~ (sum p_k basis_p_k) / (sum q_k basis_q_k); entries of p and q that are None are free.

    The error is divided by `scale`, so that it is relative to the whole function and not to the fitted part.
    """
    fixed_p = [None if c is None else mp.mpf(float(c)) for c in p]
    fixed_q = [None if c is None else mp.mpf(float(c)) for c in q]
    lawson = [mp.mpf(1)] * len(points)
    denominator = [mp.mpf(1)] * len(points)
    best, best_error = None, None
    for _ in range(rounds):
        rows, right = [], []
        for i in range(len(points)):
            row, value = [], mp.mpf(0)
            for c, b in zip(fixed_p, basis_p[i]):
                if c is None:
                    row.append(b)
                else:
                    value -= c * b
            for c, b in zip(fixed_q, basis_q[i]):
                if c is None:
                    row.append(-target[i] * b)
                else:
                    value += c * target[i] * b
            rows.append(row)
            right.append(value)
        weights = [mp.sqrt(l) / (abs(s) * abs(d)) for l, s, d in zip(lawson, scale, denominator)]
        x = iter(solve(rows, right, weights))
        full_p = [c if c is not None else next(x) for c in fixed_p]
        full_q = [c if c is not None else next(x) for c in fixed_q]
        denominator = [sum(c * b for c, b in zip(full_q, row)) for row in basis_q]
        numerator = [sum(c * b for c, b in zip(full_p, row)) for row in basis_p]
        errors = [abs((n / d - t) / s) for n, d, t, s in zip(numerator, denominator, target, scale)]
        worst = max(errors)
        if best is None or worst < best_error:
            best, best_error = (full_p, full_q), worst
        mean = sum(l * e for l, e in zip(lawson, errors)) or mp.mpf(1)
        lawson = [l * e / mean + mp.mpf("1e-12") for l, e in zip(lawson, errors)]
    return best[0], best[1], best_error


def fit_rounded(points, basis_p, basis_q, target, scale, p, q):
    """Fits, then freezes coefficient after coefficient as float32. Returns (p, q, error before, error after)."""
    full_p, full_q, before = fit(points, basis_p, basis_q, target, scale, p, q)
    p, q = list(p), list(q)
    after = before
    for k in range(max(len(p), len(q))):
        for fixed, full in ((q, full_q), (p, full_p)):
            if k < len(fixed) and fixed[k] is None:
                fixed[k] = f4(float(full[k]))
        if any(c is None for c in p + q):
            full_p, full_q, after = fit(points, basis_p, basis_q, target, scale, p, q, rounds=12)
    return [f4(c) for c in p], [f4(c) for c in q], float(before), float(after)


def powers(x, n):
    return [x**k for k in range(n)]


# --- the five functions --------------------------------------------------------------------------------------------


def fit_exp(n=5):
    """P of e^r = 1 + r + r^2 P(r), |r| <= ln2 / 2 (a little wider, for the rounding of n)."""
    pts = [mp.mpf(float(v)) for v in chebyshev_points(-0.3472, 0.3472, 61)]
    target = [(mp.expm1(r) - r) / r**2 for r in pts]
    scale = [mp.exp(r) / r**2 for r in pts]
    return fit_rounded(pts, [powers(r, n) for r in pts], [[mp.mpf(1)]] * len(pts), target, scale, [None] * n, [1])


def fit_log(n=8):
    """P of log(1 + f) = f - f^2 / 2 + f^3 P(f), 1 + f in [sqrt(1/2), sqrt 2)."""
    pts = [mp.mpf(float(v)) for v in chebyshev_points(2**-0.5 - 1, 2**0.5 - 1, 81)]
    target = [(mp.log1p(f) - f + f**2 / 2) / f**3 for f in pts]
    scale = [mp.log1p(f) / f**3 for f in pts]
    return fit_rounded(pts, [powers(f, n) for f in pts], [[mp.mpf(1)]] * len(pts), target, scale, [None] * n, [1])


def fit_log1p(n=4):
    """R of log(1 + u) = 2 s + s z R(z), s = u / (2 + u), z = s^2 in (0, 1/9]."""
    pts = [mp.mpf(float(v)) for v in chebyshev_points(1e-6, 1 / 9, 61)]
    target = [(2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2) / z for z in pts]
    scale = [2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) / z for z in pts]
    return fit_rounded(pts, [powers(z, n) for z in pts], [[mp.mpf(1)]] * len(pts), target, scale, [None] * n, [1])


def fit_quotient(function, limit, np_, nq, p0):
    """P, Q of function(x) = x P(x^2) / Q(x^2), 0 < x <= limit, Q(0) = 1, P(0) = p0."""
    pts = [mp.mpf(float(v)) for v in chebyshev_points(-limit, limit, 161) if v > 0]
    pts += [mp.mpf(float(v)) for v in np.linspace(limit * 0.6, limit, 20)]
    target = [function(x) / x for x in pts]
    return fit_rounded(pts, [powers(x * x, np_) for x in pts], [powers(x * x, nq) for x in pts], target, target,
                       [p0] + [None] * (np_ - 1), [1.0] + [None] * (nq - 1))



# --- evaluation in simulated float32: one rounding for each operation ----------------------------------------------

LOG2E, LN2_HI, LN2_LO = f4(1.4426950408889634), f4(0.693359375), f4(np.log(2) - 0.693359375)
EXP_MIN, EXP_MAX = f4(-87.3), f4(88.3)
SQRT_HALF_BITS = np.int32(0x3F3504F3)


def horner(c, x):
    y = np.full_like(x, c[-1])
    for k in reversed(c[:-1]):
        y = y * x + k
    return y


def reduce_exp(x, c):
    x = np.minimum(np.maximum(x, EXP_MIN), EXP_MAX)
    n = np.rint(x * LOG2E)
    r = (x - n * LN2_HI) - n * LN2_LO
    return horner(c, r) * (r * r) + r, ((n.astype(np.int32) + 127) << 23).view(f4)


def exp32(x, c):
    p, power = reduce_exp(x, c)
    return (p + f4(1)) * power


def expm1_32(x, c):
    p, power = reduce_exp(x, c)
    return p * power + (power - f4(1))


def log32(x, c):
    bits = x.view(np.int32)
    e = (bits - SQRT_HALF_BITS) >> 23
    f = (bits - (e << 23)).view(f4) - f4(1)
    e = e.astype(f4)
    z = f * f
    y = horner(c, f) * f * z
    y = y + e * LN2_LO
    y = y - f4(0.5) * z
    y = f + y
    return y + e * LN2_HI


def log1p32(u, c):
    s = u / (f4(2) + u)
    z = s * s
    return u - s * (u - horner(c, z) * z)


def quotient32(x, limit, p, q):
    x = np.minimum(np.maximum(x, -limit), limit)
    z = x * x
    return x * horner(p, z) / horner(q, z)


# --- measurement ---------------------------------------------------------------------------------------------------


def neighbours(v, n=2000):
    bits = np.int32(np.abs(f4(v)).view(np.int32)) + np.arange(-n, n + 1, dtype=np.int32)
    return np.copysign(np.maximum(bits, 0).astype(np.int32).view(f4), f4(v))


def between(a, b, n):
    """Positive float32 spread evenly over their bit patterns, i.e. as many in each power of two."""
    lo, hi = int(f4(a).view(np.int32)), int(f4(b).view(np.int32))
    return np.unique(np.linspace(lo, hi, n).astype(np.int64).astype(np.int32)).view(f4)


def sample(a, b, edges, n=3_000_000):
    uniform = np.linspace(a, b, n).astype(f4)
    tiny = 1.2e-38
    parts = [uniform] + [neighbours(v) for v in edges]
    if b > 0:
        parts.append(between(max(a, tiny), b, n))
    if a < 0:
        parts.append(-between(max(-b, tiny), -a, n))
    x = np.concatenate(parts)
    return x[(x >= f4(a)) & (x <= f4(b))]


def measure(got, want):
    """Largest relative error, where it is, largest absolute error, largest magnitude."""
    got = got.astype(np.float64)
    relative = np.where(want == 0, np.abs(got), np.abs(got - want) / np.where(want == 0, 1, np.abs(want)))
    i = int(np.argmax(relative))
    return relative[i], i, np.abs(got - want).max(), np.abs(got).max()


def every_float(a, b):
    return np.arange(int(f4(a).view(np.int32)), int(f4(b).view(np.int32)) + 1, dtype=np.int32).view(f4)


def largest_limit(p, q, start, end):
    """The largest clamp below which no float32 from `start` on gives more than 1 (every one of them is tried)."""
    x = every_float(start, end)
    z = x * x
    over = x * horner(p, z) / horner(q, z) > 1
    return x[np.argmax(over) - 1] if over.any() else x[-1]


def literal(c):
    return f"{float(f4(c)):.9g}"


def main():
    from scipy.special import erf

    out = []
    say = out.append
    say("# Coefficients of the float32 kernels (written by scripts/fit-kernels.py)\n")
    say("Plain multiplication and addition, nothing fused, in exactly the written order. Horner(c, x) is")
    say("`y = c[n]; for k = n-1 … 0: y = y * x + c[k]`. Coefficients are listed from the constant upward.")
    say("Errors: simulated float32 against float64, dense sample of at least 6 million points.\n")

    def table(name, c):
        say(f"{name} = [" + ", ".join(literal(k) for k in c) + "]")

    def report(name, x, got, want, note=""):
        relative, i, absolute, top = measure(got, want)
        say(f"- {name}: max relative {relative:.3g} (at x = {x[i]:.9g}), max absolute {absolute:.3g}{note.format(top=top)}")

    c_exp, _, ideal, rounded = fit_exp()
    say(f"## exp   (fit {ideal:.2g}, with float32 coefficients {rounded:.2g})\n```")
    table("P", c_exp)
    say(f"LOG2E = {literal(LOG2E)}, LN2_HI = {literal(LN2_HI)} (355/512, so n*LN2_HI is exact), LN2_LO = {literal(LN2_LO)}")
    say(f"x = max(x, {literal(EXP_MIN)}); x = min(x, {literal(EXP_MAX)})")
    say("n = nearest(x * LOG2E)                  ties to even (f32x4.nearest)")
    say("r = (x - n * LN2_HI) - n * LN2_LO")
    say("p = Horner(P, r) * (r * r) + r          = e^r - 1")
    say("power = reinterpret_f32((i32(n) + 127) << 23)")
    say("exp   = (p + 1) * power")
    say("expm1 = p * power + (power - 1)         from the same pieces, for x <= 0 (elu, selu)\n```")
    edges = [(k + 0.5) * np.log(2) for k in range(-126, 127)] + [EXP_MIN, EXP_MAX, 1e-30, -1e-30]
    x = sample(-87.3, 88.3, edges)
    report("exp on [-87.3, 88.3]", x, exp32(x, c_exp), np.exp(x.astype("f8")))
    x = sample(-87.3, 0, [e for e in edges if e < 0])
    report("expm1 on [-87.3, 0]", x, expm1_32(x, c_exp), np.expm1(x.astype("f8")))
    assert exp32(np.zeros(1, f4), c_exp)[0] == 1
    say("- exp(0) = 1 exactly; outside the clamp the results are exp(-87.3) = 1.2e-38 (not 0) and exp(88.3) = 2.2e38\n")

    c_log, _, ideal, rounded = fit_log()
    say(f"## log, x positive and normal   (fit {ideal:.2g}, rounded {rounded:.2g})\n```")
    table("P", c_log)
    say("e = (i32(bits(x)) - 0x3f3504f3) >> 23   arithmetic shift; 0x3f3504f3 = bits(sqrt(1/2))")
    say("f = reinterpret_f32(bits(x) - (e << 23)) - 1")
    say("z = f * f;  e = f32(e)")
    say("y = Horner(P, f) * f * z                left to right")
    say("y = y + e * LN2_LO;  y = y - 0.5 * z;  y = f + y;  log = y + e * LN2_HI\n```")
    x = np.concatenate([sample(1.2e-38, 3.4e38, [2.0**k for k in range(-20, 20)]),
                        sample(0.4, 2.6, [2**-0.5, 1, 2**0.5], 6_000_000)])
    report("log on [1.2e-38, 3.4e38]", x, log32(x, c_log), np.log(x.astype("f8")))
    x = every_float(0.99, 1.01)
    report("log on every float32 of [0.99, 1.01]", x, log32(x, c_log), np.log(x.astype("f8")))
    say("- log(1) = 0 exactly. log(0) and log of subnormal numbers are the caller's: put max(x, 1.17549435e-38) before it\n")

    c_log1p, _, ideal, rounded = fit_log1p()
    say(f"## log1p, u in [0, 1]   (fit {ideal:.2g}, rounded {rounded:.2g})\n```")
    table("R", c_log1p)
    say("s = u / (2 + u);  z = s * s")
    say("log1p = u - s * (u - Horner(R, z) * z)  log(1+u) = 2s + s z R(z), with 2s = u - s u: keeps tiny u exact\n```")
    x = sample(0, 1, [1, 0.5, 1e-30, 1e-8, 1e-4, 0.25, 0.125])
    report("log1p on [0, 1]", x, log1p32(x, c_log1p), np.log1p(x.astype("f8")))

    x = sample(-87, 87, edges)
    report("softplus = max(x, 0) + log1p(exp(-|x|)) on [-87, 87]", x,
           np.maximum(x, f4(0)) + log1p32(exp32(-np.abs(x), c_exp), c_log1p), np.logaddexp(0, x.astype("f8")))
    report("sigmoid = 1 / (1 + exp(-x)) on [-87, 87]", x, f4(1) / (f4(1) + exp32(-x, c_exp)), 1 / (1 + np.exp(-x.astype("f8"))),
           ", largest value {top:.9g}")
    say("")

    for name, fit_limit, start, count, p0, function, reference, why in (
        ("tanh", 9.02, 3, 5, 1.0, mp.tanh, np.tanh, "float32 tanh is 1 from 9.011 on"),
        ("erf", 3.93, 2, 6, float(f4(2 / np.sqrt(np.pi))), mp.erf, erf, "float32 erf is 1 from 3.919 on"),
    ):
        p, q, ideal, rounded = fit_quotient(function, fit_limit, count, count, p0)
        limit = largest_limit(p, q, start, fit_limit)
        say(f"## {name}   (fit {ideal:.2g}, rounded {rounded:.2g}; {why})\n```")
        table("P", p)
        table("Q", q)
        say(f"x = max(x, -{literal(limit)}); x = min(x, {literal(limit)})")
        say("z = x * x")
        say(f"{name} = x * Horner(P, z) / Horner(Q, z)      left to right: (x * P) / Q\n```")
        x = sample(-fit_limit * 3, fit_limit * 3, [limit, -limit, 1e-30, 1e-8, 1e-4, 1e-3, 1])
        report(f"{name} everywhere", x, quotient32(x, limit, p, q), reference(x.astype("f8")), ", largest magnitude {top:.9g}")
        x = every_float(0.25, fit_limit)
        report(f"{name} on every float32 of [0.25, {fit_limit}]", x, quotient32(x, limit, p, q), reference(x.astype("f8")),
               ", largest magnitude {top:.9g}")
        say(f"- saturates at {literal(quotient32(np.array([99], f4), limit, p, q)[0])}; odd to the bit; -0 stays -0; all "
            "coefficients are positive, so nothing cancels\n")
        assert all(k > 0 for k in p + q)

    text = "\n".join(out)
    if len(sys.argv) > 1:
        open(sys.argv[1], "w").write(text)
    print(text)


if __name__ == "__main__":
    main()
