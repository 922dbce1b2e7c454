"""What an activity costs, as a town decides it: a file a concern.

The same rules stand in SQL, where whole towns are priced at once (`repository.pricing`); tests
hold the two to the same cent.
"""

from services.billing.model.tariffs.hours import HalfHours, Hours, TimeBand, TimeBands
from services.billing.model.tariffs.months import Monthly
from services.billing.model.tariffs.prices import Band, ByQuotient, EffortRate, Flat, Price
from services.billing.model.tariffs.pricing import Case, Priced, price
from services.billing.model.tariffs.siblings import Siblings
from services.billing.model.tariffs.surcharges import Surcharge
from services.billing.model.tariffs.tariff import Tariff

__all__ = [
    "Band",
    "ByQuotient",
    "Case",
    "EffortRate",
    "Flat",
    "HalfHours",
    "Hours",
    "Monthly",
    "Price",
    "Priced",
    "Siblings",
    "Surcharge",
    "Tariff",
    "TimeBand",
    "TimeBands",
    "price",
]
