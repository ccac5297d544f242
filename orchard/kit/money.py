"""How an amount of money is held: whole minor units with a currency."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from orchard.kit.languages import figure

# ISO 4217: the currencies whose exponent is not 2.
_EXPONENTS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}


def exponent(currency: str) -> int:
    """Return how many decimals the currency (ISO 4217 code) has."""
    return _EXPONENTS.get(currency, 2)


def fits(amount: Decimal, currency: str) -> bool:
    """Whether the currency has as many decimals as the amount: nobody pays a tenth of a cent."""
    minor = amount.scaleb(exponent(currency))
    return minor == minor.to_integral_value()


def minor_units(amount: Decimal, currency: str) -> int:
    """Return `amount` in minor units of `currency`, halves rounded away from zero."""
    return int((amount * 10 ** exponent(currency)).to_integral_value(ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents) with its ISO 4217 currency."""

    minor: int
    currency: str

    def __str__(self) -> str:
        """Write it as the present language does: `1,234.50 EUR`, in German `1.234,50 EUR`."""
        decimals = exponent(self.currency)
        return f"{figure(Decimal(self.minor) / 10**decimals, decimals)} {self.currency}".strip()
