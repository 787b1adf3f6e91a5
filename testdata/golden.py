"""Writes the golden files of this folder. Run here: python golden.py

The files that are checked in came from NumPy 2.4.6 and scikit-learn 1.9.1;
NumPy's legacy RandomState promises the same stream in every version.
"""

import csv
import os

import numpy as np
from sklearn.datasets import make_blobs
from sklearn.metrics import confusion_matrix

HERE = os.path.dirname(os.path.abspath(__file__))


def table(name, rows):
    with open(os.path.join(HERE, name), "w", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows(rows)


def blobs(name, **how):
    """Rows as x0..x(D-1),label in the order make_blobs gives; centers apart."""
    x, y, c = make_blobs(return_centers=True, **how)
    table(name + ".csv", [[repr(float(v)) for v in r] + [int(l)] for r, l in zip(x, y)])
    table(name + "_centers.csv", [[repr(float(v)) for v in r] for r in c])


def npy(name, a):
    np.save(os.path.join(HERE, "npy", name + ".npy"), a, allow_pickle=True)


def main():
    # The 300 points of the tutorial.
    blobs("blobs_300x2_k4_std0.60_seed0",
          n_samples=300, centers=4, n_features=2, cluster_std=0.60, random_state=0)
    # Odd N x D (an unused second normal crosses cluster borders), uneven split,
    # other box, a standard deviation per cluster.
    blobs("blobs_47x3_k5_seed20261123",
          n_samples=47, centers=5, n_features=3, center_box=(-3.0, 8.0),
          cluster_std=[0.5, 1.0, 1.5, 2.0, 0.25], random_state=20261123)
    # Given centers, largest seed.
    blobs("blobs_20x2_given_seed4294967295",
          n_samples=20, centers=np.array([[0.0, 0.0], [5.0, -5.0], [10.0, 2.5]]),
          cluster_std=0.1, random_state=4294967295)

    a = np.array([[1, 2], [3, 4], [5, 6]])
    os.makedirs(os.path.join(HERE, "npy"), exist_ok=True)
    npy("f4", a.astype("<f4") + np.float32(0.5))
    npy("f8", a.astype("<f8") + 0.25)
    npy("f4_big", a.astype(">f4") + np.float32(0.5))
    npy("f8_fortran", np.asfortranarray(a.astype("<f8") + 0.25))
    npy("f2", a.astype("<f2") / np.float16(4))
    npy("f2_big", a.astype(">f2") / np.float16(4))
    for d in ("i1", "<i2", ">i4", "<i8"):
        npy(d.strip("<>") + ("_big" if d[0] == ">" else ""), -a.astype(d))
    for d in ("u1", ">u2", "<u4", "<u8"):
        npy(d.strip("<>") + ("_big" if d[0] == ">" else ""), a.astype(d))
    npy("b1", a % 2 == 0)
    npy("c8", a.astype("<c8"))
    npy("str", a.astype("<U2"))
    npy("bytes", a.astype("S2"))
    npy("object", a.astype(object))
    npy("structured", np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")]))
    npy("datetime", a.astype("<M8[s]"))
    npy("cube", np.zeros((2, 2, 2), "<f4"))
    npy("scalar", np.float64(1.5))
    npy("empty", np.zeros((0, 3), "<f4"))
    npy("labels_i8", np.array([3, 0, -1, 2], "<i8"))
    npy("labels_big", np.array([3, 0, 1, 2], ">i2"))
    npy("labels_wide", np.array([3, 2**31], "<i8"))

    # Labels and their confusion matrix, for package metrics.
    g = np.random.RandomState(7)
    t = g.choice([-4, 0, 1, 2, 9, 1000], 400)
    p = np.where(g.rand(400) < 0.6, t, g.choice([0, 1, 2, 3, 9, 1000], 400))
    table("confusion_labels.csv", zip(t.tolist(), p.tolist()))
    table("confusion_sklearn.csv", confusion_matrix(t, p).tolist())


main()
