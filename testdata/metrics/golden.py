"""Writes labels.json and rows.json beside it: what scikit-learn makes of pairs
of labelings, and of rows with labels. Run here: python golden.py

The files that are checked in came from NumPy 2.4.6, SciPy 1.17.1 and
scikit-learn 1.9.1.
"""

import json
import os
import warnings

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn import metrics
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits, make_blobs

HERE = os.path.dirname(os.path.abspath(__file__))
MEANS = ("arithmetic", "geometric", "min", "max")


def compare(truth, clusters):
    """Every score of a pair of labelings."""
    truth, clusters = np.asarray(truth), np.asarray(clusters)
    table = metrics.cluster.contingency_matrix(truth, clusters)
    rows, columns = linear_sum_assignment(table, maximize=True)
    h, c, v = metrics.homogeneity_completeness_v_measure(truth, clusters)
    ami = {}
    for mean in MEANS:
        ami[mean] = metrics.adjusted_mutual_info_score(truth, clusters, average_method=mean)
    # One cluster for each row: rounding errors divided by rounding errors.
    if len(truth) in table.shape and table.shape[0] != table.shape[1]:
        ami["min"] = None
    return {
        "truth": truth.tolist(),
        "clusters": clusters.tolist(),
        "contingency": table.tolist() if table.size <= 100 else None,
        "pairs": metrics.cluster.pair_confusion_matrix(truth, clusters).tolist(),
        "majority": table.max(axis=0).sum() / len(truth),
        "hungarian": table[rows, columns].sum() / len(truth),
        "rand": metrics.rand_score(truth, clusters),
        "ari": metrics.adjusted_rand_score(truth, clusters),
        "fowlkes_mallows": metrics.fowlkes_mallows_score(truth, clusters),
        "mi": metrics.mutual_info_score(truth, clusters),
        "nmi": {mean: metrics.normalized_mutual_info_score(truth, clusters, average_method=mean) for mean in MEANS},
        "ami": ami,
        "homogeneity": h,
        "completeness": c,
        "v": v,
        "v_half": metrics.v_measure_score(truth, clusters, beta=0.5),
        "v_three": metrics.v_measure_score(truth, clusters, beta=3),
    }


def labelings(digits, kmeans):
    """The pairs of labelings, by name."""
    r = np.random.default_rng(20261123)
    truth = r.integers(0, 5, 200)
    unequal = np.repeat([0, 1, 2, 3, 4], [150, 30, 15, 4, 1])
    noisy = np.where(r.random(200) < 0.3, r.integers(0, 5, 200), truth)
    few = r.integers(0, 4, 24)
    every = np.arange(24)
    return {
        "random": (truth, r.integers(0, 5, 200)),
        "random, more clusters": (truth, r.integers(0, 23, 200)),
        "random, fewer clusters": (r.integers(0, 23, 200), r.integers(0, 3, 200)),
        "nearly one cluster for each row": (r.integers(0, 120, 150), r.integers(0, 140, 150)),
        "noisy": (truth, noisy),
        "noisy, other names": (truth, np.array([7, -3, 1000, -2147483648, 2147483647])[noisy]),
        "negative classes": (truth - 3, noisy),
        "equal": (truth, truth),
        "permuted": (truth, np.array([3, 0, 4, 1, 2])[truth]),
        "finer": (truth, 2 * truth + r.integers(0, 2, 200)),
        "coarser": (truth, truth // 2),
        "independent": (np.repeat([0, 1, 2], 8), np.tile([0, 1, 2, 3], 6)),
        "unequal sizes": (unequal, r.permutation(unequal)),
        "unequal sizes, noisy": (unequal, np.where(r.random(200) < 0.2, r.integers(0, 5, 200), unequal)),
        "discordant": ([0, 0, 1, 1], [0, 1, 0, 1]),
        "one class": (np.zeros(24, int), few),
        "one cluster": (few, np.zeros(24, int)),
        "one class, one cluster": (np.zeros(24, int), np.ones(24, int)),
        "a class for each row": (every, few),
        "a cluster for each row": (few, every),
        "a class and a cluster for each row": (every, r.permutation(24)),
        "one class, a cluster for each row": (np.zeros(24, int), every),
        "one row": ([4], [9]),
        "two rows together and apart": ([0, 0], [0, 1]),
        "digits": (digits.target, kmeans),
        "digits, odd and even": (digits.target % 2, kmeans),
    }


def score(x, labels, keep=True, values=True, dtype="float64"):
    """The scores of rows with labels, computed in float64."""
    x, labels = np.asarray(x, np.float64), np.asarray(labels)
    return {
        "dtype": dtype,
        "d": x.shape[1],
        "x": x.ravel().tolist() if keep else None,
        "labels": labels.tolist(),
        "silhouettes": metrics.silhouette_samples(x, labels).tolist() if values else None,
        "silhouette": metrics.silhouette_score(x, labels),
        "calinski_harabasz": metrics.calinski_harabasz_score(x, labels),
        "davies_bouldin": metrics.davies_bouldin_score(x, labels),
    }


def clusterings(digits, kmeans):
    """The rows with labels, by name. Digits have no x: package testdata has it."""
    r = np.random.default_rng(7)
    out = {}
    x, y = make_blobs(n_samples=300, centers=4, cluster_std=0.6, random_state=0)
    out["blobs 300x2"] = score(x, y)
    x, y = make_blobs(n_samples=150, centers=7, n_features=5, cluster_std=3, random_state=1)
    out["overlapping blobs 150x5"] = score(x, KMeans(7, n_init=1, random_state=0).fit_predict(x))
    x, y = make_blobs(n_samples=120, centers=3, n_features=3, random_state=2)
    y = r.integers(-3, 3, 120)
    y[5] = 1000  # a cluster of one row
    out["random labels 120x3"] = score(x, y)
    x, y = make_blobs(n_samples=200, centers=5, n_features=3, random_state=3)
    out["float32 blobs 200x3"] = score(x.astype(np.float32), y, dtype="float32")
    x, y = make_blobs(n_samples=40, centers=3, n_features=70, random_state=4)
    out["float32 wide blobs 40x70"] = score(x.astype(np.float32), y, dtype="float32")
    x = r.normal(size=(30, 1))
    out["one column, many small clusters 30x1"] = score(x, np.argsort(np.argsort(x[:, 0])) // 2)
    out["three rows"] = score([[0, 1], [1, 1], [3, 4]], [0, 0, 1])
    out["all rows the same"] = score(np.full((6, 2), 1.5), [0, 0, 1, 1, 2, 2])
    out["every row at its mean"] = score(np.repeat([[0.5, 1], [2, -4], [8, 0.25]], 2, axis=0), [0, 0, 1, 1, 2, 2])
    out["all means the same"] = score([[1, 0], [-1, 0], [0, 2], [0, -2], [4, 4], [-4, -4]], [0, 0, 1, 1, 2, 2])
    out["two means the same"] = score([[1, 0], [-1, 0], [0, 2], [0, -2], [9, 8], [10, 8]], [0, 0, 1, 1, 2, 2])
    out["digits"] = score(digits.data, kmeans, keep=False)
    out["digits, true classes"] = score(digits.data, digits.target, keep=False, values=False)
    return out


def main():
    warnings.simplefilter("error")
    digits = load_digits()
    kmeans = KMeans(10, init=digits.data[:10].copy(), n_init=1, tol=0).fit_predict(digits.data)
    for name, out in (
        ("labels", {n: compare(*pair) for n, pair in labelings(digits, kmeans).items()}),
        ("rows", clusterings(digits, kmeans)),
    ):
        path = os.path.join(HERE, name + ".json")
        with open(path, "w") as f:
            json.dump(out, f, separators=(",", ":"), allow_nan=False)
            f.write("\n")
        print(name, len(out), os.path.getsize(path))


main()
