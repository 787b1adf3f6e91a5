"""Writes golden.json beside it: what scikit-learn's KMeans(algorithm="lloyd")
makes of data that package dataset also has. Run here: python golden.py

The file that is checked in came from NumPy 2.4.6 and scikit-learn 1.9.1.
"""

import json
import os
import warnings

import numpy as np
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits, make_blobs

HERE = os.path.dirname(os.path.abspath(__file__))


def fit(x, k, tol, weights=None):
    """One run in float64 from the first k rows."""
    m = KMeans(n_clusters=k, init=x[:k].copy(), n_init=1, tol=tol, algorithm="lloyd")
    m.fit(x, sample_weight=weights)
    return {
        "k": k,
        "tol": tol,
        "iterations": m.n_iter_,
        "inertia": float(m.inertia_),
        "labels": m.labels_.tolist(),
        "centers": m.cluster_centers_.ravel().tolist(),
    }


def main():
    warnings.simplefilter("error")
    digits = load_digits().data
    out = {f"digits tol={tol:g}": fit(digits, 10, tol) for tol in (0, 1e-4)}

    x, _ = make_blobs(n_samples=500, centers=6, n_features=3, cluster_std=1.5, random_state=5)
    out["blobs 500x3"] = fit(x, 6, 0)
    x, _ = make_blobs(n_samples=1000, centers=12, n_features=8, cluster_std=4, random_state=11)
    out["blobs 1000x8"] = fit(x, 12, 1e-3)
    weights = np.arange(1000) * 7 % 5 * 0.5  # 0, 1, 2, 0.5, 1.5, 0, …
    out["blobs 1000x8 weighted"] = fit(x, 12, 0, weights)

    with open(os.path.join(HERE, "golden.json"), "w") as f:
        json.dump(out, f, separators=(",", ":"))
        f.write("\n")
    for name, v in out.items():
        print(name, v["iterations"], v["inertia"])


main()
