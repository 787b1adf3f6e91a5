"""Holds the files of lloyd against NumPy, pandas, pyarrow, FAISS, Pillow and zstandard.

Run here: python formats_roundtrip.py [LLOYD], where LLOYD is the program, built anew
unless given. What lloyd convert writes must come back from the other's reader bit for
bit, and what the other writes from lloyd's; each format that lloyd writes, packed and
not, float32 and float64. lloyd fit of the same rows must say the same whatever the
format, and its model must be what the README says. It exits with 1 if anything differs.

It was run with NumPy 2.4.6, pandas 3.1.1, pyarrow 26.0.1, faiss-cpu 1.15.1, Pillow
13.0.0 and zstandard 0.25.0.
"""

import gzip
import io
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from faiss.contrib import vecs_io
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
PACKS = ["", ".gz", ".zst"]
checks, failures = 0, []


def check(what, got, want):
    """The same numbers, to the bit, of the same type and shape."""
    global checks
    checks += 1
    got, want = np.asarray(got), np.asarray(want)
    if got.dtype != want.dtype or got.shape != want.shape:
        failures.append(f"{what}: {got.dtype} {got.shape}, expected {want.dtype} {want.shape}")
        return
    nan = np.isnan(want) if want.dtype.kind == "f" else np.zeros(want.shape, bool)
    unlike = got.view(f"u{got.itemsize}") != want.view(f"u{want.itemsize}")
    unlike &= ~(nan & np.isnan(got)) if nan.any() else True  # one NaN is as good as another
    if unlike.any():
        at = tuple(int(i) for i in np.argwhere(unlike)[0])
        failures.append(f"{what}: {got[at]!r} at {at}, expected {want[at]!r}; {unlike.sum()} differ")


def lloyd(*args, **how):
    done = subprocess.run([LLOYD, *args], capture_output=True, **how)
    if done.returncode != 0:
        failures.append(f"lloyd {' '.join(args)}: exit status {done.returncode}: {done.stderr.decode()}")
        return None
    return done.stdout


# The readers and writers of others, from bytes and into bytes.


def unpacked(path):
    content = open(path, "rb").read()
    if path.endswith(".gz"):
        return gzip.decompress(content)
    if path.endswith(".zst"):
        return zstandard.ZstdDecompressor().decompressobj().decompress(content)
    return content


def pack(path, content):
    if path.endswith(".gz"):
        content = gzip.compress(content)
    elif path.endswith(".zst"):
        content = zstandard.compress(content)
    open(path, "wb").write(content)


def through_file(name, content):
    path = os.path.join(FOLDER, "faiss." + name)
    open(path, "wb").write(content)
    return path


def read_text(comma):
    def numpy_reads(b, dtype):
        return np.loadtxt(io.BytesIO(b), dtype=dtype, delimiter=comma, ndmin=2)

    def pandas_reads(b, dtype):
        return pd.read_csv(io.BytesIO(b), sep=comma, header=None, dtype=dtype).to_numpy()

    return [numpy_reads, pandas_reads]


def write_text(comma):
    def numpy_writes(a):
        out = io.BytesIO()
        np.savetxt(out, a, delimiter=comma, fmt="%.17g" if a.dtype.kind == "f" else "%d")
        return out.getvalue()

    def pandas_writes(a):
        # Here with column names; a missing value would be an empty cell.
        return pd.DataFrame(a, columns=[f"x, {i}" for i in range(a.shape[1])]).to_csv(
            sep=comma, index=False, na_rep="nan").encode()

    return [numpy_writes, pandas_writes]


def npy_of(a):
    out = io.BytesIO()
    np.save(out, a)
    return out.getvalue()


def npz_of(save):
    def write(a):
        out = io.BytesIO()
        save(out, vectors=a)
        return out.getvalue()

    return write


def read_npz(b, dtype):
    with np.load(io.BytesIO(b)) as arrays:
        (name,) = arrays.files
        return arrays[name]


def faiss_reads(name, reader):
    return lambda b, dtype: np.array(reader(through_file(name, b)))


def faiss_writes(name, writer):
    def write(a):
        writer(path := through_file(name, b""), a)
        return open(path, "rb").read()

    return write


def write_bvecs(a):
    """FAISS has no writer of them."""
    return b"".join(np.int32(len(row)).tobytes() + row.tobytes() for row in a)


def read_bin(b, dtype):
    """big-ann-benchmarks/benchmark/dataset_io.py: N, D as uint32, then the rows."""
    n, d = np.frombuffer(b, "<u4", 2)
    return np.frombuffer(b, dtype, offset=8).reshape(n, d)


def write_bin(a):
    return np.array(a.shape, "<u4").tobytes() + a.tobytes()


def table_of(a):
    return pa.table({f"x{i}": a[:, i] for i in range(a.shape[1])})


def lists_of(a):
    flat = pa.array(a.ravel())
    return pa.table({"vector": pa.ListArray.from_arrays(np.arange(0, a.size + 1, a.shape[1], dtype="i4"), flat)})


def parquet_of(table, **how):
    def write(a):
        out = io.BytesIO()
        pq.write_table(table(a), out, **how)
        return out.getvalue()

    return write


def pandas_parquet(a):
    out = io.BytesIO()
    pd.DataFrame(a, columns=[f"x{i}" for i in range(a.shape[1])]).to_parquet(out)
    return out.getvalue()


def read_parquet(b, dtype):
    table = pq.read_table(io.BytesIO(b))
    if table.num_columns == 1 and pa.types.is_list(table.column(0).type):
        lists = table.column(0).combine_chunks()
        return lists.flatten().to_numpy().reshape(len(lists), -1)
    return np.stack([c.to_numpy() for c in table.columns], 1)


def pandas_reads_parquet(b, dtype):
    frame = pd.read_parquet(io.BytesIO(b))
    if len(frame.columns) == 1 and frame.dtypes.iloc[0] == object:
        return np.stack(frame.iloc[:, 0].to_numpy())
    return frame.to_numpy()


# Ending: the types of its numbers, whether .gz and .zst may follow, readers, writers.
FORMATS = {
    ".csv": (["f4", "f8"], True, read_text(","), write_text(",")),
    ".tsv": (["f4", "f8"], True, read_text("\t"), write_text("\t")),
    ".npy": (["f4", "f8"], True, [lambda b, dtype: np.load(io.BytesIO(b))], [npy_of]),
    ".npz": (["f4", "f8"], False, [read_npz], [npz_of(np.savez), npz_of(np.savez_compressed)]),
    ".parquet": (["f4", "f8"], False, [read_parquet, pandas_reads_parquet],
                 [pandas_parquet, parquet_of(table_of, row_group_size=7), parquet_of(lists_of)]
                 + [parquet_of(t, compression=c, data_page_version=v, use_dictionary=d, column_encoding=e)
                    for t in (table_of, lists_of) for c in ("none", "snappy", "gzip", "brotli", "zstd")
                    for v in ("1.0", "2.0") for d, e in ((True, None), (False, "BYTE_STREAM_SPLIT"))]),
    ".fvecs": (["f4"], True, [faiss_reads("fvecs", vecs_io.fvecs_read), faiss_reads("fvecs", vecs_io.fvecs_mmap)],
               [faiss_writes("fvecs", vecs_io.fvecs_write)]),
    ".ivecs": (["i4"], True, [faiss_reads("ivecs", vecs_io.ivecs_read)], [faiss_writes("ivecs", vecs_io.ivecs_write)]),
    ".bvecs": (["u1"], True, [faiss_reads("bvecs", vecs_io.bvecs_mmap)], [write_bvecs]),
    ".fbin": (["f4"], True, [read_bin], [write_bin]),
    ".u8bin": (["u1"], True, [read_bin], [write_bin]),
    ".i8bin": (["i1"], True, [read_bin], [write_bin]),
}


def numbers(dtype):
    """37×5 of every magnitude, with the ends of the type among them."""
    dtype, rng = np.dtype(dtype), np.random.default_rng(5)
    if dtype.kind == "b":
        return rng.random((37, 5)) < 0.5
    if dtype.kind != "f":
        a = rng.integers(*INTEGERS.get(dtype.str[1:], (np.iinfo(dtype).min, np.iinfo(dtype).max)), (37, 5), dtype,
                         endpoint=True)
        a[0, :2] = INTEGERS.get(dtype.str[1:], (np.iinfo(dtype).min, np.iinfo(dtype).max))
        return a
    info = np.finfo(dtype)
    spread = np.float64(2) ** rng.uniform(np.log2(float(info.tiny)), np.log2(float(info.max)), (37, 5))
    a = (spread * rng.choice([-1, 1], (37, 5))).astype(dtype)
    a[0] = [0.0, -0.0, info.max, -info.max, info.tiny]
    a[1] = [info.smallest_subnormal, -info.smallest_subnormal, 1 / 3, np.inf, -np.inf]
    a[2] = np.nan
    return a


# Whole numbers of 64 bits are read as float64, which holds them up to 2^53.
INTEGERS = {"i8": (-(2**53), 2**53), "u8": (0, 2**53)}


def file(name):
    return os.path.join(FOLDER, name)


def endings(ending, packs):
    return [ending + p for p in (PACKS if packs else PACKS[:1])]


def written():
    """What lloyd convert writes, others read."""
    for ending, (dtypes, packs, readers, _) in FORMATS.items():
        for dtype in dtypes:
            a = numbers(dtype)
            np.save(file("in.npy"), a)
            for e in endings(ending, packs):
                out = file("out" + e)
                if lloyd("convert", file("in.npy"), out) is None:
                    continue
                for reader in readers:
                    check(f"{dtype}{e} read by {reader.__name__}", reader(unpacked(out), dtype), a)
    # A Parquet file of columns, which have names.
    for dtype in ("f4", "f8"):
        frame = pd.DataFrame(numbers(dtype), columns=["a", "b c", "d,e", 'f"g', "ü"])
        frame.to_csv(file("named.csv"), index=False, na_rep="NaN")
        for out in ("named.parquet", "named.tsv", "named2.csv"):
            if lloyd("convert", file("named.csv"), file(out), "--dtype", np.dtype(dtype).name) is None:
                continue
            if out == "named.parquet":
                back = pd.read_parquet(file(out))
                check(f"{dtype} {out} by pyarrow", read_parquet(unpacked(file(out)), dtype), frame.to_numpy())
            else:
                back = pd.read_csv(file(out), sep="\t" if out.endswith("tsv") else ",", dtype=dtype)
            check(f"{dtype} {out} by pandas", back.to_numpy(), frame.to_numpy())
            check(f"the names of {out}", list(back.columns) == list(frame.columns), True)


def read():
    """What others write, lloyd convert reads: as .npy, and from standard input."""
    for ending, (dtypes, packs, _, writers) in FORMATS.items():
        for dtype in dtypes:
            a = numbers(dtype)
            text = ending in (".csv", ".tsv")
            for e in endings(ending, packs):
                for writer in writers:
                    rows = a[3:] if writer is pandas_parquet else a  # it writes a NaN as a missing value
                    want = rows.astype("f8" if dtype == "i4" else "f4" if dtype in ("u1", "i1") else dtype)
                    pack(file("in" + e), writer(rows))
                    dtype_of = ["--dtype", want.dtype.name] if text else []
                    if lloyd("convert", file("in" + e), file("out.npy"), *dtype_of) is not None:
                        check(f"{dtype}{e} by {writer.__name__}", np.load(file("out.npy")), want)
                    if "vecs" in ending or "bin" in ending:
                        continue
                    comma = ["--delimiter", "tab"] if ending == ".tsv" else []
                    with open(file("in" + e), "rb") as f:
                        if lloyd("convert", "-", file("out.npy"), *dtype_of, *comma, stdin=f) is not None:
                            check(f"{dtype}{e} by {writer.__name__} on standard input", np.load(file("out.npy")), want)


def types():
    """Types and layouts that only NumPy and Parquet have."""
    for dtype in ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"):
        a = numbers(dtype)
        narrow = np.dtype(dtype).kind == "b" or np.dtype(dtype).itemsize <= 2 or dtype == "f4"
        want = a.astype("f4" if narrow else "f8")
        layouts = {"": a, " by columns": np.asfortranarray(a), " big-endian": a.astype(a.dtype.newbyteorder(">"))}
        for how, b in layouts.items():
            np.save(file("in.npy"), b)
            if lloyd("convert", file("in.npy"), file("out.npy")) is not None:
                check(f"{dtype}.npy{how}", np.load(file("out.npy")), want)
        for version in ((1, 0), (2, 0), (3, 0)):
            with open(file("in.npy"), "wb") as f:
                np.lib.format.write_array(f, a, version)
            if lloyd("convert", file("in.npy"), file("out.npy")) is not None:
                check(f"{dtype}.npy of version {version}", np.load(file("out.npy")), want)
        for shape in (table_of, lists_of):
            pack(file("in.parquet"), parquet_of(shape)(a))
            if lloyd("convert", file("in.parquet"), file("out.npy")) is not None:
                check(f"{dtype}.parquet by {shape.__name__}", np.load(file("out.npy")), want)


def refused():
    """What a format cannot hold, and LZ4 in Parquet, is refused, and no file is left."""
    global checks
    a = np.array([[0.5], [1]])
    np.save(file("in.npy"), a)
    pack(file("in.parquet"), parquet_of(table_of, compression="lz4")(a))
    for name, ending in [("in.npy", e) for e in (".ivecs", ".bvecs", ".u8bin", ".i8bin")] + [("in.parquet", ".npy")]:
        checks += 1
        done = subprocess.run([LLOYD, "convert", file(name), file("refused" + ending)], capture_output=True)
        if done.returncode != 1 or os.path.exists(file("refused" + ending)):
            failures.append(f"{name} into {ending}: exit status {done.returncode}, {done.stderr}")


def images():
    rng = np.random.default_rng(6)
    rgb = rng.integers(0, 256, (9, 11, 3), "u1")
    Image.fromarray(rgb).save(file("in.png"))
    if lloyd("convert", file("in.png"), file("out.npy")) is not None:
        check("png by Pillow", np.load(file("out.npy")), rgb.reshape(-1, 3).astype("f4"))
    colors = rng.integers(0, 256, (16, 3), "u1")[rng.permutation(np.arange(99) % 16)].reshape(9, 11, 3)
    Image.fromarray(colors).save(file("in.png"))
    for k in ("16", "99"):
        if lloyd("quantize", file("in.png"), "-k", k, "-o", file("out.png")) is not None:
            with Image.open(file("out.png")) as picture:
                check(f"png of {k} colors read by Pillow", np.array(picture.convert("RGB")), colors)


def fits():
    """The same rows in every format: the same labels, inertia and centers; the model."""
    a = np.random.default_rng(7).integers(0, 100, (200, 4)).astype("u1")
    first = None
    for ending, (dtypes, packs, _, writers) in FORMATS.items():
        for e in endings(ending, packs):
            for dtype in dtypes:
                pack(file("in" + e), writers[0](a.astype(dtype)))
                outputs = ["--model", file("m.lloyd"), "--labels", file("l.npy"), "--centers", file("c.npy")]
                said = lloyd("fit", file("in" + e), "-k", "5", "--seed", "3", "--dtype", "float32", "--json", *outputs)
                if said is None:
                    continue
                got = [np.load(file("l.npy")), np.load(file("c.npy")), np.float64(json.loads(said)["inertia"])]
                first = first or got
                for what, g, f in zip(("labels", "centers", "inertia"), got, first):
                    check(f"{what} of a fit of {dtype}{e}", g, f)
    for e in (".csv", ".tsv", ".npy"):
        for p in PACKS:
            lloyd("predict", "--model", file("m.lloyd"), file("in.npy"), "--labels", file("l" + e + p))
            b = unpacked(file("l" + e + p))
            got = np.load(io.BytesIO(b)) if e == ".npy" else np.loadtxt(io.BytesIO(b), dtype="i4")
            check(f"labels in {e}{p}", got, first[0])
    check_model(first)


def check_model(fit):
    """The centers in the file, from the description of the format in the README."""
    labels, centers, inertia = fit
    b = open(file("m.lloyd"), "rb").read()
    size = int.from_bytes(b[12:16], "little")
    header = json.loads(b[16:16 + size])
    check("the inertia in the model", np.float64(header["inertia"]), inertia)
    if "arrays" not in header:
        found = {"centers": np.frombuffer(b, header["dtype"], header["k"] * header["d"], 16 + size).reshape(centers.shape)}
    else:
        found, at = {}, 16 + size
        for array in header["arrays"]:
            count = int(np.prod(array["shape"]))
            found[array["name"]] = np.frombuffer(b, array["dtype"], count, at).reshape(array["shape"])
            at += -(-found[array["name"]].nbytes // 64) * 64
    check("the centers in the model", found["centers"], centers)
    if "counts" in found:
        check("the counts in the model", found["counts"], np.bincount(labels).astype(found["counts"].dtype))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as FOLDER:
        LLOYD = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else file("lloyd")
        if len(sys.argv) < 2:
            subprocess.run(["go", "build", "-o", LLOYD, "./cmd/lloyd"], cwd=os.path.dirname(HERE), check=True)
        for part in (written, read, types, refused, images, fits):
            part()
    for failure in failures:
        print("FAILED", failure)
    print(f"{checks} checks, {len(failures)} failures")
    sys.exit(bool(failures))
