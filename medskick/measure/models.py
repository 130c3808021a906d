"""Models of measure, re-exported from its features for Django."""

from medskick.measure.indicators.models import Indicator, Value

__all__ = ["Indicator", "Value"]
