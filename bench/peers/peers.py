#!/usr/bin/env python3
"""One Lloyd iteration of Lloyd, scikit-learn and FAISS, side by side.

Same float32 rows (standard normal, seed 0), same initial centers (the first K
rows), same number of iterations, same number of threads; the peers take turns in
one process group. The time of an iteration is (time of MANY iterations − time of
FEW) / (MANY − FEW), which leaves out reading, checking and the final labels. The
figures are medians over REPEATS turns with their range; the inertia after MANY
iterations shows that all did the same work.

    make peers        # installs the peers into .tools/peers and runs this
"""
import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

FEW, MANY = 2, 12
SHAPES = [  # N, D, K
    (1797, 64, 10), (1_000_000, 2, 8), (1_000_000, 3, 16), (500_000, 16, 64), (100_000, 32, 1000),
    (100_000, 64, 100), (100_000, 128, 1024), (50_000, 768, 256), (20_000, 1536, 1000),
]


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--lloyd", required=True, help="the lloyd command")
    args.add_argument("--threads", type=int, default=os.cpu_count())
    args.add_argument("--repeats", type=int, default=5)
    args.add_argument("--only", help="one shape, as N,D,K")
    args.add_argument("--csv", default="/dev/null")
    args = args.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(args.threads)
    os.environ["GOMAXPROCS"] = str(args.threads)
    warnings.filterwarnings("ignore")

    import faiss
    import numpy as np
    import sklearn
    from sklearn.cluster import KMeans
    faiss.omp_set_num_threads(args.threads)

    def run_lloyd(path, start, k, iterations):
        out = subprocess.run(
            [args.lloyd, "fit", path, "-k", str(k), "--init", start, "--max-iter", str(iterations),
             "--tol", "0", "--threads", str(args.threads), "--json"],
            check=True, capture_output=True)
        result = json.loads(out.stdout)
        return result["seconds"]["iterate"], result["inertia"]

    def run_sklearn(x, start, k, iterations):
        km = KMeans(k, init=start, n_init=1, max_iter=iterations, tol=0, algorithm="lloyd")
        begin = time.perf_counter()
        km.fit(x)
        return time.perf_counter() - begin, km.inertia_

    def run_faiss(x, start, k, iterations):
        km = faiss.Kmeans(x.shape[1], k, niter=iterations, nredo=1, max_points_per_centroid=(1 << 31) - 1,
                          min_points_per_centroid=1, seed=0)
        begin = time.perf_counter()
        km.train(x, init_centroids=start)
        spent = time.perf_counter() - begin
        distances, _ = km.index.search(x, 1)
        return spent, float(distances.sum(dtype="float64"))

    print(f"scikit-learn {sklearn.__version__}, FAISS {faiss.__version__}, NumPy {np.__version__}, "
          f"{args.threads} threads, float32, medians of {args.repeats} (min–max)\n")
    print("| N×D, K | Lloyd ms | scikit-learn ms | FAISS ms | scikit-learn ÷ Lloyd | FAISS ÷ Lloyd | inertia: scikit-learn, FAISS |")
    print("|---|---|---|---|---|---|---|")
    rows = []
    shapes = [tuple(map(int, args.only.split(",")))] if args.only else SHAPES
    for n, d, k in shapes:
        x = np.random.default_rng(0).standard_normal((n, d), dtype=np.float32)
        start = x[:k].copy()
        with tempfile.TemporaryDirectory() as folder:
            path, center_path = os.path.join(folder, "x.npy"), os.path.join(folder, "c.npy")
            np.save(path, x)
            np.save(center_path, start)
            peers = {
                "lloyd": lambda i: run_lloyd(path, center_path, k, i),
                "sklearn": lambda i: run_sklearn(x, start, k, i),
                "faiss": lambda i: run_faiss(x, start, k, i),
            }
            # Tiny shapes need more iterations for a difference that the clock sees.
            many = MANY if n * d * k > 1e8 else 52
            times = {name: [] for name in peers}
            inertia = {}
            for name, run in peers.items():
                run(FEW)  # warm up
            for _ in range(args.repeats):
                for name, run in peers.items():
                    few, _ = run(FEW)
                    more, inertia[name] = run(many)
                    times[name].append((more - few) / (many - FEW) * 1e3)
        median = {name: statistics.median(t) for name, t in times.items()}
        ratio = {name: statistics.median(p / q for p, q in zip(times[name], times["lloyd"])) for name in peers}
        work = {name: inertia[name] / inertia["lloyd"] - 1 for name in peers}
        cells = [f"{median[name]:.3g} ({min(times[name]):.3g}–{max(times[name]):.3g})" for name in peers]
        print(f"| {n}×{d}, {k} | " + " | ".join(cells) +
              f" | {ratio['sklearn']:.1f} | {ratio['faiss']:.1f} | {work['sklearn']:+.1e}, {work['faiss']:+.1e} |", flush=True)
        rows += [[n, d, k, args.threads, name, t] for name in peers for t in times[name]]
    with open(args.csv, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["n", "d", "k", "threads", "peer", "ms_per_iteration"])
        out.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
