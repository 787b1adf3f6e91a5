"""One Python implementation as a worker of the program in this folder.

It reads rows and centers, says that it is ready, and then answers requests, one
JSON object a line, on standard output: see protocol.go. Numbers of threads come
by the environment (OMP_NUM_THREADS, OPENBLAS_NUM_THREADS, MKL_NUM_THREADS).
"""
import argparse
import importlib.metadata
import json
import os
import statistics
import sys
import time

import numpy as np


class SciKitLearn:
    package, algorithm = "scikit-learn", "lloyd"

    def __init__(self, x, c, threads):
        from sklearn.cluster import KMeans, kmeans_plusplus
        self.x, self.c, self.estimator, self.plus_plus = x, c, KMeans, kmeans_plusplus

    def fit(self, iterations):
        km = self.estimator(len(self.c), init=self.c, n_init=1, max_iter=iterations, tol=0, algorithm=self.algorithm)
        km.fit(self.x)
        return km.n_iter_, km.cluster_centers_

    def labeled(self, iterations):
        km = self.estimator(len(self.c), init=self.c, n_init=1, max_iter=iterations, tol=0, algorithm=self.algorithm)
        km.fit(self.x)
        return km.n_iter_, km.cluster_centers_, km.labels_

    def seed(self, seed):  # 2+⌊ln K⌋ candidates, as Lloyd
        return self.plus_plus(self.x, len(self.c), random_state=seed)[0]


    def batches(self, seed, epochs):  # batches of 1024, as Lloyd
        from sklearn.cluster import MiniBatchKMeans
        rules = {"max_iter": epochs, "max_no_improvement": None} if epochs else {}
        km = MiniBatchKMeans(len(self.c), n_init=1, random_state=seed, compute_labels=False, **rules).fit(self.x)
        return km.n_steps_, km.cluster_centers_

    def batches_by_hand(self, seed, epochs):
        from sklearn.cluster import MiniBatchKMeans
        draw, n, size = np.random.default_rng(seed), len(self.x), 1024
        init = self.plus_plus(self.x[draw.integers(0, n, 3 * size)], len(self.c), random_state=seed)[0]
        km = MiniBatchKMeans(len(self.c), init=init, n_init=1, random_state=seed, compute_labels=False)
        for _ in range(epochs * n // size):
            km.partial_fit(self.x[draw.integers(0, n, size)])
        return km.n_steps_, km.cluster_centers_


class Elkan(SciKitLearn):
    algorithm = "elkan"


class Intelex(SciKitLearn):
    package = "scikit-learn-intelex"

    def __init__(self, x, c, threads):
        import daal4py
        daal4py.daalinit(threads)
        from sklearnex.cluster import KMeans
        self.x, self.c, self.estimator = x, c, KMeans


class FAISS:
    package = "faiss-cpu"

    def __init__(self, x, c, threads):
        # The OpenBLAS 0.3.15 in its wheel takes some CPUs with AVX-512 for a Prescott, at an eighth
        # of the rate. Only this one is told: NumPy's has been loaded.
        if "OPENBLAS_CORETYPE" not in os.environ and " avx512bw " in open("/proc/cpuinfo").read():
            os.environ["OPENBLAS_CORETYPE"] = "SkylakeX"
        import faiss
        faiss.omp_set_num_threads(threads)
        self.x, self.c, self.faiss = x, c, faiss

    def fit(self, iterations):
        km = self.faiss.Kmeans(self.x.shape[1], len(self.c), niter=iterations, nredo=1, seed=0,
                               max_points_per_centroid=(1 << 31) - 1, min_points_per_centroid=1)
        km.train(self.x, init_centroids=self.c)
        return len(km.obj), km.centroids

    def labeled(self, iterations):
        iterations, centers = self.fit(iterations)
        index = self.faiss.IndexFlatL2(self.x.shape[1])
        index.add(centers)
        return iterations, centers, index.search(self.x, 1)[1]


class SuperKMeans:
    package = "superkmeans"

    def __init__(self, x, c, threads):
        import superkmeans
        self.x, self.c, self.threads, self.module = x, c, threads, superkmeans

    def fit(self, iterations):
        return self.train(iterations)[1:]

    def labeled(self, iterations):
        km, iterations, centers = self.train(iterations)
        return iterations, centers, km.assign_training_points(self.x, centers)

    def train(self, iterations):
        km = self.module.SuperKMeans(
            len(self.c), self.x.shape[1], hierarchical=False, iters=iterations, sampling_fraction=1.0,
            max_points_per_cluster=(1 << 31) - 1, n_threads=self.threads, tol=0.0, early_termination=False)
        centers = km.train(self.x)
        return km, len(km.iteration_stats) or iterations, centers


class SciPy:
    package = "scipy"

    def __init__(self, x, c, threads):
        from scipy.cluster.vq import kmeans2
        self.x, self.c, self.kmeans2 = x, c, kmeans2

    def fit(self, iterations):
        return iterations, self.kmeans2(self.x, self.c, iter=iterations, minit="matrix")[0]


class SGEMM:
    package = "numpy"

    def __init__(self, x, c, threads):
        self.x, self.c, self.out = x, c, np.empty((len(x), len(c)), np.float32)

    def assign(self):
        np.matmul(self.x, self.c.T, out=self.out)


WORKERS = {
    "scikit-learn": SciKitLearn, "scikit-learn elkan": Elkan, "scikit-learn-intelex": Intelex, "FAISS": FAISS,
    "SuperKMeans": SuperKMeans, "SciPy": SciPy, "NumPy sgemm": SGEMM,
}


def clock(f, *args):
    begin = time.perf_counter()
    result = f(*args)
    return time.perf_counter() - begin, result


def turn(worker, few, many, loops, warm, save):
    """Seconds of an iteration: the median of loops differences, see difference in serve.go."""
    if warm:
        worker.assign() if hasattr(worker, "assign") else worker.fit(few + 1)
    if hasattr(worker, "assign"):
        return {"seconds": clock(lambda: [worker.assign() for _ in range(loops)])[0] / loops}
    seconds, saved = [], False
    for _ in range(loops):
        short, begin = clock(worker.fit, few) if few else (0.0, (0, None))
        long, (end, centers) = clock(worker.fit, many)
        if end <= begin[0]:
            raise RuntimeError("it stops before the iterations that were to be timed")
        seconds.append((long - short) / (end - begin[0]))
        if save and not saved:
            write(save, centers)
            saved = True
    return {"seconds": statistics.median(seconds), "iterations": int(end), "saved": saved}


def write(path, centers):
    with open(path, "wb") as f:
        np.save(f, np.ascontiguousarray(centers, np.float32))


def answer(worker, request):
    if request["op"] == "seed" and hasattr(worker, "seed"):
        seconds, centers = clock(worker.seed, request["seed"])
        write(request["save"], centers)
        return {"seconds": seconds, "saved": True}
    if request["op"] in ("batches", "batches by hand"):
        fit = worker.batches if request["op"] == "batches" else worker.batches_by_hand
        seconds, (steps, centers) = clock(fit, request["seed"], request["many"])
        write(request["save"], centers)
        return {"seconds": seconds, "iterations": int(steps), "saved": True}
    if request["op"] == "fit":
        seconds, (steps, centers, labels) = clock(worker.labeled, request["many"])
        write(request["save"], centers)
        write(request["save_labels"], np.reshape(labels, (-1, 1)))
        return {"seconds": seconds, "iterations": int(steps), "saved": True}
    if request["op"] == "turn":
        return turn(worker, request["few"], request["many"], request["loops"], request["warm"], request["save"])
    raise ValueError(f"{request['op']!r} is not answered here")


def settle():
    """Waits until threads that spin for more work have gone to sleep, half a second at most."""
    quiet = 0
    for _ in range(50):
        begin = time.process_time()
        time.sleep(0.01)
        quiet = quiet + 1 if time.process_time() - begin < 0.001 else 0
        if quiet == 2:
            return


def main():
    args = argparse.ArgumentParser()
    for name in ("-worker", "-rows", "-centers", "-threads"):
        args.add_argument(name, required=True)
    args = args.parse_args()
    # Whatever a library prints goes to standard error.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(message):
        print(json.dumps(message), file=out, flush=True)

    try:
        of = WORKERS[args.worker]
        worker = of(np.load(args.rows), np.load(args.centers), int(args.threads))
        say({"version": f"{of.package} {importlib.metadata.version(of.package)}"})
    except Exception as e:
        say({"error": f"{type(e).__name__}: {e}"})
        return 1
    for line in sys.stdin:
        try:
            reply = answer(worker, json.loads(line))
            settle()  # or it would take a core from the next one
            say(reply)
        except Exception as e:
            say({"error": f"{type(e).__name__}: {e}"})
    return 0


if __name__ == "__main__":
    sys.exit(main())
