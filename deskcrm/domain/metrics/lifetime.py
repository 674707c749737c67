"""What a client is worth over the time with us, from one figure of churn or retention."""

from deskcrm.domain.metrics.figures import Figure, Unit, no_data


def simple_ltv(arpa: float, margin: float, churn: float, *, n: int, currency: str = "") -> Figure:
    """ARPA · margin / churn, in money; ARPA and churn of a year, margin and churn as shares.

    Without churn it would be without end: no data.
    """
    if churn <= 0:
        return no_data(Unit.MONEY, n)
    return Figure(arpa * margin / churn, Unit.MONEY, n, currency=currency)


def discounted_ltv(
    arpa: float, margin: float, retention: float, discount: float, *, n: int, currency: str = ""
) -> Figure:
    """The margin of a year · r / (1 + i − r), in money; Gupta and Lehmann 2003.

    The first year's margin is not in it: that is paid when the client comes. Retention and
    discount are those of a year, as shares; without discount and churn there is no end: no data.
    """
    if 1 + discount - retention <= 0:
        return no_data(Unit.MONEY, n)
    value = arpa * margin * retention / (1 + discount - retention)
    return Figure(value, Unit.MONEY, n, currency=currency)
