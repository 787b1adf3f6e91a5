"""Writes scikit-learn.json beside it: the names that docs/scikit-learn.md must have a row
for, by introspection of scikit-learn. Run here: python names.py

The file that is checked in came from scikit-learn 1.9.1.
"""

import inspect
import json
import os
import warnings

import numpy as np
from sklearn import cluster, metrics

HERE = os.path.dirname(os.path.abspath(__file__))
SCORES = ["accuracy_score", "confusion_matrix", *metrics.cluster.__all__]


def parameters(f):
    return [p for p in inspect.signature(f).parameters if p != "kwds"]


def main():
    warnings.simplefilter("ignore")
    x = np.random.default_rng(0).random((50, 3))
    out = {}
    for of in (cluster.KMeans, cluster.MiniBatchKMeans, cluster.BisectingKMeans):
        m = of(3).fit(x)
        methods = [a for a in dir(m) if not a.startswith("_") and inspect.ismethod(getattr(m, a))]
        fitted = sorted(a for a in vars(m) if a.endswith("_") and not a.startswith("_"))
        out[of.__name__] = parameters(of) + methods + fitted + ["feature_names_in_"]
    out["k_means"] = parameters(cluster.k_means)
    out["kmeans_plusplus"] = parameters(cluster.kmeans_plusplus)
    out["metrics"] = [n for n in SCORES if inspect.isfunction(getattr(metrics, n, getattr(metrics.cluster, n, None)))]
    with open(os.path.join(HERE, "scikit-learn.json"), "w") as f:
        json.dump(out, f, indent="\t")
        f.write("\n")


main()
