"""Writes the golden files of formats/. Run here: python formats.py

The files that are checked in came from NumPy 2.4.6, pyarrow 26.0.1, Pillow
13.0.0 and zstandard 0.25.0.
"""

import gzip
import os

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from PIL import Image

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "formats")


def path(name):
    return os.path.join(HERE, name)


def put(name, content):
    with open(path(name), "wb") as f:
        f.write(content)


def vecs(name, a):
    """TEXMEX: each row behind its length as int32."""
    put(name, b"".join(np.int32(len(r)).tobytes() + r.tobytes() for r in a))


def big_ann(name, a):
    """big-ann-benchmarks: N, D as uint32, then the rows."""
    put(name, np.array(a.shape, "<u4").tobytes() + a.tobytes())


def parquet(name, columns, **how):
    pq.write_table(pa.table(columns), path(name), **how)


def main():
    os.makedirs(HERE, exist_ok=True)
    # 5x3: 0.5, 1.5, ... ; integers 0 ... 14; negated ones.
    f = np.arange(15, dtype="<f4").reshape(5, 3) + np.float32(0.5)
    i = np.arange(15).reshape(5, 3)
    vecs("x.fvecs", f)
    vecs("x.ivecs", -i.astype("<i4"))
    vecs("x.bvecs", i.astype("u1"))
    big_ann("x.fbin", f)
    big_ann("x.u8bin", i.astype("u1"))
    big_ann("x.i8bin", -i.astype("i1"))

    np.save(path("x.npy"), f)
    npy = open(path("x.npy"), "rb").read()
    os.remove(path("x.npy"))
    put("x.npy.gz", gzip.compress(npy, mtime=0))
    put("x.npy.zst", zstandard.compress(npy))
    text = b"a\tb\tc\n" + b"".join(b"\t".join(b"%g" % v for v in r) + b"\n" for r in f)
    put("x.tsv.zst", zstandard.compress(text))
    put("x.csv.gz", gzip.compress(text.replace(b"\t", b","), mtime=0))

    np.savez(path("x.npz"), f)
    np.savez_compressed(path("two.npz"), x=f, y=i.astype("<f8"), labels=np.arange(5))

    # Parquet: several row groups, dictionary pages and not, all encodings that
    # pyarrow writes of its own accord.
    lists = pa.array(f.tolist(), pa.list_(pa.float32()))
    parquet("list.parquet", {"vector": lists}, row_group_size=2)
    parquet("fixed.parquet", {"vector": pa.FixedSizeListArray.from_arrays(pa.array(f.ravel()), 3)},
            compression="zstd")
    parquet("columns.parquet", {c: f[:, j] for j, c in enumerate("cba")}, row_group_size=2)
    parquet("mixed.parquet", {
        "f2": f[:, 0].astype("f2"), "f8": f[:, 0].astype("f8"), "i1": -i[:, 0].astype("i1"),
        "u4": pa.array([0, 1, 2, 3, 2**32 - 1], pa.uint32()),
        "i8": pa.array([0, -1, 2, 3, 2**53], pa.int64()), "b": i[:, 0] % 2 == 0,
    }, compression="gzip")
    parquet("named.parquet", {"id": pa.array(list("vwxyz")), "vector": lists}, compression="brotli")
    # Pages whose numbers are not compressed, because they would not get smaller.
    for codec in ("snappy", "zstd"):
        parquet(f"v2_{codec}.parquet", {c: f[:, j] for j, c in enumerate("cba")}, compression=codec,
                data_page_version="2.0", use_dictionary=False)
    parquet("lz4.parquet", {"vector": lists}, compression="lz4")
    parquet("nulls.parquet", {"a": pa.array([1.0, None, 3.0]), "b": pa.array([1.0, 2.0, 3.0])})
    parquet("ragged.parquet", {"vector": pa.array([[1.0, 2.0], [3.0]], pa.list_(pa.float64()))})
    parquet("dates.parquet", {"d": pa.array([1, 2], pa.date32())})

    # 4x3 pixels: red rises to the right, green downwards.
    y, x = np.mgrid[0:3, 0:4]
    rgb = np.stack([60 * x, 80 * y, np.full_like(x, 7)], -1).astype("u1")
    Image.fromarray(rgb).save(path("rgb.png"))
    Image.fromarray(rgb).resize((64, 48), Image.NEAREST).save(path("rgb.jpg"), quality=95)
    Image.fromarray(rgb[..., 0]).save(path("gray.png"))
    Image.fromarray((257 * rgb[..., 0].astype("u2"))).save(path("gray16.png"))
    Image.fromarray(np.dstack([rgb, np.full((3, 4), 100, "u1")])).save(path("rgba.png"))
    Image.fromarray(rgb).quantize(12).save(path("palette.png"))


main()
