"""Every activation and its derivative in decimal arithmetic of any precision: a witness that shares nothing with NumPy.

Slow and plain: exponentials from `decimal`, the error function from its series of positive terms. Digits are chosen
so that even what is left of 1 − (1 − tiny) keeps 40 of them.
"""

from collections.abc import Callable
from decimal import Decimal, localcontext
from functools import cache

ONE, TWO = Decimal(1), Decimal(2)
# Klambauer et al. 2017 give both to these digits; LeCun et al. 1998 give 1.7159 and 2/3.
SELU_SCALE, SELU_ALPHA = Decimal("1.0507009873554804934193349852946"), Decimal("1.6732632423543772848170429916717")
LECUN_SCALE, LECUN_SLOPE = Decimal("1.7159"), TWO / 3


@cache
def _pi(digits: int) -> Decimal:
    """Return π by Machin's formula, 16 arctan(1/5) − 4 arctan(1/239)."""

    def arctan_of_one_over(n: int) -> Decimal:
        power, total, k = ONE / n, ONE / n, 1
        while abs(power) > Decimal(10) ** (-digits - 5):
            power /= -n * n
            k += 2
            total += power / k
        return total

    return 16 * arctan_of_one_over(5) - 4 * arctan_of_one_over(239)


def _digits_of_context() -> int:
    with localcontext() as context:
        return context.prec


def _pi_here() -> Decimal:
    return _pi(_digits_of_context())


def _erf(z: Decimal) -> Decimal:
    """Return 2/√π e^−z² Σ 2^n z^(2n+1)/(1·3·5…(2n+1))."""
    term = total = z
    n = 0
    while abs(term) > abs(total) * Decimal(10) ** -_digits_of_context():
        n += 1
        term = term * 2 * z * z / (2 * n + 1)
        total += term
    return 2 / _pi_here().sqrt() * (-z * z).exp() * total


def _erf_slope(z: Decimal) -> Decimal:
    return 2 / _pi_here().sqrt() * (-z * z).exp()


def _normal_cdf(z: Decimal) -> Decimal:
    return (1 + _erf(z / TWO.sqrt())) / 2


def _density(z: Decimal) -> Decimal:
    return (-z * z / 2).exp() / (2 * _pi_here()).sqrt()


def _sigmoid(z: Decimal) -> Decimal:
    return 1 / (1 + (-z).exp())


def _sigmoid_slope(z: Decimal) -> Decimal:
    return 1 / ((-z).exp() + 2 + z.exp())


def _tanh(z: Decimal) -> Decimal:
    return (z.exp() - (-z).exp()) / (z.exp() + (-z).exp())


def _tanh_slope(z: Decimal) -> Decimal:
    return 4 / (z.exp() + (-z).exp()) ** 2


Function = Callable[[Decimal], Decimal]

# name: value, derivative; where a derivative jumps neither is asked for there
_FUNCTIONS: dict[str, tuple[Function, Function]] = {
    "identity": (lambda z: z, lambda z: ONE),
    "sigmoid": (_sigmoid, _sigmoid_slope),
    "tanh": (_tanh, _tanh_slope),
    "relu": (lambda z: max(z, z * 0), lambda z: ONE if z > 0 else ONE * 0),
    "leaky_relu": (lambda z: z if z > 0 else z / 100, lambda z: ONE if z > 0 else ONE / 100),
    "elu": (lambda z: z if z > 0 else z.exp() - 1, lambda z: ONE if z > 0 else z.exp()),
    "selu": (
        lambda z: SELU_SCALE * (z if z > 0 else SELU_ALPHA * (z.exp() - 1)),
        lambda z: SELU_SCALE * (ONE if z > 0 else SELU_ALPHA * z.exp()),
    ),
    "gelu": (lambda z: z * _normal_cdf(z), lambda z: _normal_cdf(z) + z * _density(z)),
    "silu": (lambda z: z * _sigmoid(z), lambda z: _sigmoid(z) + z * _sigmoid_slope(z)),
    "softplus": (lambda z: (1 + z.exp()).ln(), _sigmoid),
    "softsign": (lambda z: z / (1 + abs(z)), lambda z: 1 / (1 + abs(z)) ** 2),
    "lecun_tanh": (
        lambda z: LECUN_SCALE * _tanh(LECUN_SLOPE * z),
        lambda z: LECUN_SCALE * LECUN_SLOPE * _tanh_slope(LECUN_SLOPE * z),
    ),
    "hard_sigmoid": (lambda z: min(ONE, max(ONE * 0, z / 6 + ONE / 2)), lambda z: ONE / 6 if abs(z) < 3 else ONE * 0),
    "erf": (_erf, _erf_slope),
}


def exact(name: str, z: float) -> tuple[Decimal, Decimal]:
    """Return φ(z) and φ′(z) to at least 40 digits, relative, for |z| up to 800."""
    needed = abs(z) if name not in ("gelu", "erf") else z * z
    with localcontext() as context:
        context.prec = 60 + int(0.45 * needed) - 2 * min(0, Decimal(z).adjusted())
        value, derivative = _FUNCTIONS[name]
        return value(Decimal(z)), derivative(Decimal(z))
