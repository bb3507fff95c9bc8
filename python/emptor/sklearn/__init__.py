"""scikit-learn estimators over what emptor fits; ``pip install emptor[sklearn]``.

    from emptor.sklearn import ChurnClassifier
    cross_val_score(ChurnClassifier(), X, y, scoring="neg_brier_score")

``AdditiveClassifier``, ``LogisticClassifier`` and ``ChurnClassifier`` tell two classes apart with
calibrated probabilities; ``PurchaseEstimator`` and ``SpendEstimator`` say what a row of a purchase
summary will buy and spend.
"""

try:
    import sklearn as _sklearn  # noqa: F401
except ImportError:
    raise ImportError("emptor.sklearn needs scikit-learn: pip install 'emptor[sklearn]'") from None

from ._classifiers import AdditiveClassifier, ChurnClassifier, LogisticClassifier
from ._purchases import PurchaseEstimator, SpendEstimator

__all__ = [
    "AdditiveClassifier",
    "ChurnClassifier",
    "LogisticClassifier",
    "PurchaseEstimator",
    "SpendEstimator",
]
