"""Colors of an image by scikit-learn and by "lloyd quantize", in turns.

    go build -o lloyd ./cmd/lloyd
    go run ./docs/gallery -photo photo.png
    python bench/quantize/quantize.py ./lloyd photo.png 16

scikit-learn is measured in two ways: as its example "Color Quantization using
K-Means" does it, a fit to 1000 random pixels and a prediction of all, and by a fit
to all pixels. Times are medians of wall and of CPU seconds, of scikit-learn without the reading
of the file, of lloyd of the whole command, which reads and writes files, and of its
clustering alone; inertias are those of all pixels, in units of 0 to 255. Needs Pillow
and scikit-learn.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image
from sklearn.cluster import KMeans
from sklearn.utils import shuffle

LLOYD, PHOTO, K = sys.argv[1], sys.argv[2], int(sys.argv[3])
ROUNDS = int(sys.argv[4]) if len(sys.argv) > 4 else 3

pixels = np.asarray(Image.open(PHOTO).convert("RGB"), dtype=np.float64).reshape(-1, 3) / 255


def error(centers, labels):
    """The inertia of all pixels by labels, in units of 0 to 255."""
    return 255**2 * sum(float(((b - centers[l]) ** 2).sum()) for b, l in
                        zip(np.array_split(pixels, 24), np.array_split(labels, 24)))


def sample(seed):
    km = KMeans(n_clusters=K, random_state=seed).fit(shuffle(pixels, random_state=seed, n_samples=1000))
    return error, (km.cluster_centers_, km.predict(pixels))


def full(seed):
    km = KMeans(n_clusters=K, random_state=seed).fit(pixels)
    return (lambda inertia: 255**2 * inertia), (km.inertia_,)


def children():
    """CPU seconds of the processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    clustering = []
    rows = {"sample of 1000": [], "all pixels": [], "lloyd quantize": []}
    for seed in range(ROUNDS):
        for name, fit in (("sample of 1000", sample), ("all pixels", full)):
            wall, cpu = time.perf_counter(), time.process_time()
            inertia, args = fit(seed)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            rows[name].append((wall, cpu, inertia(*args)))
            print(name, rows[name][-1], flush=True)
        wall, cpu = time.perf_counter(), children()
        with tempfile.TemporaryDirectory() as folder:
            text = subprocess.run([LLOYD, "quantize", PHOTO, "-k", str(K), "--seed", str(seed), "--json",
                                   "-o", os.path.join(folder, "out.png")], check=True, capture_output=True, text=True).stdout
        out = json.loads(text)
        rows["lloyd quantize"].append((time.perf_counter() - wall, children() - cpu, out["inertia"]))
        clustering.append(out["seconds"]["cluster"])
        print("lloyd quantize", rows["lloyd quantize"][-1], flush=True)
    best = min(r[2] for v in rows.values() for r in v)
    for name, v in rows.items():
        wall, cpu = statistics.median(r[0] for r in v), statistics.median(r[1] for r in v)
        print(f"{name:16} {wall:8.2f} s wall {cpu:8.2f} s CPU, inertia over the best "
              f"{', '.join(f'{100 * (r[2] / best - 1):.3f} %' for r in v)}")
    print(f"clustering alone {statistics.median(clustering):.2f} s wall")


main()
