"""Writes sets.json.gz and the .csv files beside it: what scikit-learn's KMeans and
BisectingKMeans make of twelve data sets from given rows as centers. Run here:
python sets.py

The generated sets take nothing but SplitMix64, sums, products and roots, in an order
that cluster/sets_test.go repeats, so that both have the same bits.

The files that are checked in came from NumPy 2.4.6 and scikit-learn 1.9.1.
"""

import gzip
import json
import os
import warnings
import zlib

import numpy as np
from sklearn.cluster import BisectingKMeans, KMeans
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine

HERE = os.path.dirname(os.path.abspath(__file__))
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Source:
    """SplitMix64: numbers in [0, 1), and sums of twelve of them less 6, nearly normal."""

    def __init__(self, seed):
        self.state = np.uint64(seed)

    def uniform(self, n):
        with np.errstate(over="ignore"):
            z = self.state + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
            self.state = z[-1]
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            z = z ^ (z >> np.uint64(31))
        return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def normal(self, n):
        u = self.uniform(12 * n).reshape(n, 12)
        sum = np.zeros(n)
        for j in range(12):
            sum = sum + u[:, j]
        return sum - 6


def groups(seed, n, d, k, side, spread):
    """Row i around center i mod k."""
    s = Source(seed)
    centers = s.uniform(k * d).reshape(k, d) * side
    deviations = np.array([spread[i % len(spread)] for i in range(k)])
    of = np.arange(n) % k
    return centers[of] + s.normal(n * d).reshape(n, d) * deviations[of][:, None]


def anisotropic():
    x = groups(2, 600, 2, 3, 20, [1.0])
    return np.stack([x[:, 0] * 0.6 - x[:, 1] * 0.6, x[:, 1] * 0.8 - x[:, 0] * 0.4], axis=1)


def arcs(seed, n, noise, second):
    """Points of the unit circle by ((1-t²)/(1+t²), 2t/(1+t²)); every other row by second."""
    s = Source(seed)
    t, e = s.uniform(n) * 2 - 1, s.normal(2 * n).reshape(n, 2) * noise
    a, b = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
    x = np.stack([b, a], axis=1)
    odd = np.arange(n) % 2 == 1
    x[odd] = second(x[odd], t[odd])
    return x + e


def moons():
    return arcs(4, 500, 0.05, lambda x, t: np.stack([1 - x[:, 0], 0.5 - x[:, 1]], axis=1))


def circles():
    x = arcs(5, 500, 0.04, lambda x, t: x * 0.5)
    low = np.arange(500) // 2 % 2 == 1
    x[low] = -x[low]
    return x


def spectrum():
    x = groups(7, 300, 768, 8, 3, [1.0])
    return x / np.sqrt(np.arange(1, 769))


def pixels():
    return np.floor(Source(8).uniform(400 * 600) * 256).reshape(400, 600)


SETS = {  # with the number of clusters
    "digits": (lambda: load_digits().data, 10),
    "iris": (lambda: load_iris().data, 3),
    "wine": (lambda: load_wine().data, 3),
    "breast cancer": (lambda: load_breast_cancer().data, 5),
    "blobs": (lambda: groups(1, 600, 5, 7, 10, [1.0]), 7),
    "anisotropic": (anisotropic, 3),
    "variances": (lambda: groups(3, 600, 2, 4, 30, [1.0, 3.0, 0.5, 2.0]), 4),
    "moons": (moons, 6),
    "circles": (circles, 8),
    "uniform": (lambda: Source(6).uniform(700 * 8).reshape(700, 8), 20),
    "spectrum 768": (spectrum, 8),
    "pixels 600": (pixels, 5),
}


def starts(x, k):
    """Rows that become the initial centers: three choices, each moved on by one row until no
    row has two nearest ones. Between the rows of the digits there are such ties; which
    center wins is then a matter of rounding in scikit-learn (its two algorithms differ),
    and of the lowest index in Lloyd."""
    n = len(x)
    out = []
    for rows in (list(range(k)), [i * n // k for i in range(k)], [(11 + 37 * i) % n for i in range(k)]):
        while tied(x, x[rows]):
            rows = [(r + 1) % n for r in rows]
        out.append(rows)
    return out


def tied(x, centers):
    two = np.sort([((x - c) ** 2).sum(axis=1) for c in centers], axis=0)[:2]
    return (two[1] <= two[0] * (1 + 1e-9)).any()


def shown(labels):
    return "".join(DIGITS[l] for l in labels)


def fit(x, rows, weights=None, **rules):
    """One run; in float32 and by elkan, iterations and labels must be the same."""
    def run(dtype, algorithm):
        y = x.astype(dtype)
        m = KMeans(n_clusters=len(rows), init=y[rows].copy(), n_init=1, algorithm=algorithm, **rules)
        return m.fit(y, sample_weight=weights)

    m = run(np.float64, "lloyd")
    for dtype, algorithm in ((np.float64, "elkan"), (np.float32, "lloyd"), (np.float32, "elkan")):
        o = run(dtype, algorithm)
        if o.n_iter_ != m.n_iter_ or (o.labels_ != m.labels_).any():
            raise RuntimeError(f"{algorithm} in {dtype} differs: choose another start")
    return {"iterations": m.n_iter_, "inertia": float(m.inertia_), "labels": shown(m.labels_),
            "norms": (m.cluster_centers_**2).sum(axis=1).tolist()}


def bisect(x, k, strategy, weights=None, **rules):
    """Every split from the first and the last row of the cluster."""
    out = None
    for algorithm in ("lloyd", "elkan"):
        m = BisectingKMeans(n_clusters=k, init=lambda x, k, random_state: x[[0, -1]], n_init=1, tol=0,
                            bisecting_strategy=strategy, algorithm=algorithm, **rules)
        m.fit(x, sample_weight=weights)
        this = {"inertia": float(m.inertia_), "labels": shown(m.labels_),
                "norms": (m.cluster_centers_**2).sum(axis=1).tolist()}
        if out and this["labels"] != out["labels"]:
            raise RuntimeError(f"elkan differs: {strategy}, {rules}")
        out = out or this
    return out


def main():
    warnings.simplefilter("error")
    out = {}
    for name, (make, k) in SETS.items():
        x = np.ascontiguousarray(make())
        n = len(x)
        weights = np.arange(n) * 7 % 5 * 0.5  # 0, 1, 2, 0.5, 1.5, 0, …
        fits = []
        for rows in starts(x, k):
            for rules, w in (({"tol": 0}, None), ({"tol": 1e-4}, None), ({"tol": 1e-2}, None),
                             ({"tol": 0, "max_iter": 3}, None), ({"tol": 0}, weights)):
                fits.append({"rows": rows, "weighted": w is not None, **rules, **fit(x, rows, w, **rules)})
        splits = []
        for strategy, w, rules in (("biggest_inertia", None, {}), ("biggest_inertia", weights, {}),
                                   ("largest_cluster", None, {}), ("largest_cluster", None, {"max_iter": 2})):
            if rules and name == "digits":
                continue  # ties between the first and the last row of a cluster, see starts
            splits.append({"strategy": strategy, "weighted": w is not None, **rules, **bisect(x, k, strategy, w, **rules)})
        out[name] = {"n": n, "d": x.shape[1], "k": k, "crc32": zlib.crc32(x.astype("<f8").tobytes()), "fits": fits, "splits": splits}
        print(name, x.shape, [f["iterations"] for f in fits])
    with open(os.path.join(HERE, "sets.json.gz"), "wb") as f:
        f.write(gzip.compress(json.dumps(out, separators=(",", ":")).encode(), mtime=0))
    for name, load in (("iris", load_iris), ("wine", load_wine), ("breast_cancer", load_breast_cancer)):
        text = "".join(",".join(repr(float(v)) for v in r) + "\n" for r in load().data)
        with open(os.path.join(HERE, name + ".csv.gz"), "wb") as f:
            f.write(gzip.compress(text.encode(), mtime=0))


main()
