"""Writes family.json beside it: what scikit-learn's MiniBatchKMeans.partial_fit and
BisectingKMeans make of the blobs that package dataset also has, where nothing is
drawn at random. Run here: python family.py

The file that is checked in came from NumPy 2.4.6 and scikit-learn 1.9.1.
"""

import json
import os
import warnings

import numpy as np
from sklearn.cluster import BisectingKMeans, MiniBatchKMeans
from sklearn.datasets import make_blobs

HERE = os.path.dirname(os.path.abspath(__file__))


def batches(x, k, size, weights=None):
    """One pass from the first k rows, size rows at a time."""
    m = MiniBatchKMeans(n_clusters=k, init=x[:k].copy(), n_init=1, reassignment_ratio=0)
    for i in range(0, len(x), size):
        w = None if weights is None else weights[i : i + size]
        m.partial_fit(x[i : i + size], sample_weight=w)
    return {"k": k, "inertia": float(m.inertia_), "labels": m.labels_.tolist(), "centers": m.cluster_centers_.ravel().tolist()}


def bisect(x, k, strategy, weights=None):
    """Every split from the first and the last row of the cluster."""
    m = BisectingKMeans(
        n_clusters=k, init=lambda x, k, random_state: x[[0, -1]], n_init=1, tol=0, bisecting_strategy=strategy
    )
    m.fit(x, sample_weight=weights)
    return {"k": k, "inertia": float(m.inertia_), "labels": m.labels_.tolist(), "centers": m.cluster_centers_.ravel().tolist()}


def main():
    warnings.simplefilter("error")
    x, _ = make_blobs(n_samples=1000, centers=12, n_features=8, cluster_std=4, random_state=11)
    weights = np.arange(1000) * 7 % 5 * 0.5  # 0, 1, 2, 0.5, 1.5, 0, …
    out = {
        "batches": batches(x, 12, 125),
        "batches weighted": batches(x, 12, 125, weights),
        "biggest inertia": bisect(x, 9, "biggest_inertia"),
        "biggest inertia weighted": bisect(x, 9, "biggest_inertia", weights),
        "largest cluster": bisect(x, 9, "largest_cluster"),
    }
    with open(os.path.join(HERE, "family.json"), "w") as f:
        json.dump(out, f, separators=(",", ":"))
        f.write("\n")
    for name, v in out.items():
        print(name, v["inertia"])


main()
