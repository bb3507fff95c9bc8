"""The names, arguments and results of other libraries, computed by emptor.

``from emptor.compat.mlxtend import fpgrowth, association_rules`` in place of
``from mlxtend.frequent_patterns import ...``; ``from emptor.compat import fim`` in place of
``import fim``; ``from emptor.compat.lifetimes import BetaGeoFitter`` in place of ``from lifetimes
import ...``; ``from emptor.compat.statsforecast import StatsForecast, Naive`` in place of two
imports. What answers differently, and why, stands in the modules' docstrings.
"""
