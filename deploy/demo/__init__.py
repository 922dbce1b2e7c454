"""The demo town: Saint-Aubin-sur-Vire, made from a seed and loaded the way a town would."""

from deploy.demo.loading import load
from deploy.demo.portal import LoadFailed
from deploy.demo.setting import Operator, Progress

__all__ = ["LoadFailed", "Operator", "Progress", "load"]
