"""Writes clusters.csv and digits.json, which the test of "lloyd evaluate" must
meet: clusters of the digits by scikit-learn's KMeans, and what scikit-learn says
of them. Run here: python golden.py

The files that are checked in came from scikit-learn 1.9.1, NumPy 2.4.6 and SciPy
1.17.1.
"""

import json
import os

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn import metrics
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.metrics.cluster import contingency_matrix

HERE = os.path.dirname(os.path.abspath(__file__))

x, truth = load_digits(return_X_y=True)
# Two more clusters than digits, so that the two ways to name them differ.
clusters = KMeans(12, n_init=10, random_state=0).fit_predict(x)

counts = contingency_matrix(truth, clusters)
majority = counts.argmax(axis=0)[clusters]
of_class, of_cluster = linear_sum_assignment(counts, maximize=True)
own = np.full(counts.shape[1], -1)
own[of_cluster] = of_class
hungarian = own[clusters]

with open(os.path.join(HERE, "clusters.csv"), "w") as f:
    f.writelines(f"{c}\n" for c in clusters)
with open(os.path.join(HERE, "digits.json"), "w") as f:
    json.dump({
        "adjusted_rand": metrics.adjusted_rand_score(truth, clusters),
        "adjusted_mutual_information": metrics.adjusted_mutual_info_score(truth, clusters),
        "normalized_mutual_information": metrics.normalized_mutual_info_score(truth, clusters),
        "mutual_information": metrics.mutual_info_score(truth, clusters),
        "homogeneity": metrics.homogeneity_score(truth, clusters),
        "completeness": metrics.completeness_score(truth, clusters),
        "v_measure": metrics.v_measure_score(truth, clusters),
        "fowlkes_mallows": metrics.fowlkes_mallows_score(truth, clusters),
        "rand": metrics.rand_score(truth, clusters),
        "silhouette": metrics.silhouette_score(x, clusters),
        "calinski_harabasz": metrics.calinski_harabasz_score(x, clusters),
        "davies_bouldin": metrics.davies_bouldin_score(x, clusters),
        "majority": {"accuracy": metrics.accuracy_score(truth, majority),
                     "confusion": metrics.confusion_matrix(truth, majority).tolist()},
        "hungarian": {"accuracy": metrics.accuracy_score(truth, hungarian),
                      "confusion": metrics.confusion_matrix(truth, hungarian).tolist()},
    }, f)
    f.write("\n")
