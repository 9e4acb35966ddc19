#!/usr/bin/env python3
"""Writes the seed corpus: small files as NumPy, SciPy and spreadsheets write them, one folder a format."""

import io
import pathlib
import struct

import numpy as np
import scipy.io
import scipy.sparse

corpus = pathlib.Path(__file__).parent / "corpus"
plain = np.array([[1.0, -2.5, np.nan], [0.0, 3e300, np.inf]])


def seed(name: str, content: bytes) -> None:
    path = corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def written(save, *arguments, **options) -> bytes:
    buffer = io.BytesIO()
    save(buffer, *arguments, **options)
    return buffer.getvalue()


def npy() -> None:
    for dtype in "<f2 >f4 <f8 >f8 |i1 >i2 <i4 <i8 |u1 <u2 <u4 >u8 |b1 <c16 |S3 <U2 <M8[s]".split():
        name = dtype.strip("<>|").replace("[", "").replace("]", "")
        order = {"<": "little", ">": "big", "|": "any"}[dtype[0]]
        seed(f"npy/{name}_{order}.npy", written(np.save, np.arange(6).reshape(2, 3).astype(dtype)))
    seed("npy/fortran.npy", written(np.save, np.asfortranarray(np.arange(24.0).reshape(2, 3, 4))))
    seed("npy/scalar.npy", written(np.save, np.float64(3)))
    seed("npy/empty.npy", written(np.save, np.zeros((0, 3))))
    seed("npy/object.npy", written(np.save, np.array([None]), allow_pickle=True))
    seed("npy/structured.npy", written(np.save, np.zeros(2, "f8,i4")))
    for version in ((2, 0), (3, 0)):
        seed(f"npy/version{version[0]}.npy", written(np.lib.format.write_array, plain, version=version))


def npz() -> None:
    seed("npz/stored.npz", written(np.savez, A=plain, y=np.arange(3)))
    seed("npz/deflated.npz", written(np.savez_compressed, zeros=np.zeros((40, 20)), flags=np.array([True, False])))
    seed("npz/no_arrays.npz", written(np.savez))
    seed("npz/sparse.npz", written(scipy.sparse.save_npz, scipy.sparse.eye(3, format="csr")))


def checkpoint() -> None:
    problem = np.frombuffer(b"method\0subgradient\0seed\x000\0", np.uint8).astype(float)
    state = {"state.000.numbers": plain, "state.001.U": np.zeros((3, 0)), "state.002.k": np.array([[7.0]])}
    parts = {"gossan_checkpoint": np.array([1.0]), "problem": problem, **state}
    seed("checkpoint/whole.npz", written(np.savez, **parts))
    seed("checkpoint/deflated.npz", written(np.savez_compressed, **parts))
    seed("checkpoint/no_state.npz", written(np.savez, gossan_checkpoint=np.array([1.0]), problem=problem))
    seed("checkpoint/newer.npz", written(np.savez, **{**parts, "gossan_checkpoint": np.array([2.0])}))
    seed("checkpoint/odd_problem.npz", written(np.savez, **{**parts, "problem": problem[:-3]}))


def model() -> None:
    """Of ratings: three rows and two columns of one component and a bias."""

    def texts(*names: str) -> np.ndarray:
        return np.frombuffer("".join(name + "\0" for name in names).encode(), np.uint8).astype(float)

    posterior = np.array([[0.5, 0.1, 0.4]])  # a lower triangle
    numbers = {"mean": 3.0, "noise_scale": 0.9, "nu": 6.0, "sd_scale": 1.0, "least": 1.0, "most": 3.0, "random_share": 0.1}
    numbers |= {"reversed_share": 0.05, "score_scale": 1.0, "residual_scale": 0.7, "outlier_fraction": 0.02}
    arrays = {
        "gossan_ratings_model": np.array([1.0]),
        "row_mean": np.array([[0.3, 0.1], [-0.2, 0.4], [0.5, 0.0]]),
        "row_covariance": np.repeat(posterior, 3, axis=0),
        "col_mean": np.array([[0.6, -0.1], [-0.4, 0.2]]),
        "col_covariance": np.repeat(posterior, 2, axis=0),
        "prior_constant": np.zeros(2),
        "prior_variance": np.array([0.3, 0.2]),
        "prior_weights": np.array([[0.1, 0.2], [0.0, -0.1]]),
        "prior_by_column": np.array([[0.3], [0.2]]),
        "prior_lowest": np.array([0.1, 0.5]),
        "prior_highest": np.array([0.4, 1.2]),
        "levels": np.array([1.0, 2.0, 3.0]),
        "thresholds": np.zeros(0),
        "score_thresholds": np.array([-0.5, 0.5]),
        "row_ids": texts("a", "b", "c"),
        "col_ids": texts("7", "8"),
        **{name: np.array([value]) for name, value in numbers.items()},
    }
    seed("model/ratings.npz", written(np.savez, **arrays))
    seed("model/ratings_deflated.npz", written(np.savez_compressed, **arrays))
    seed("model/ratings_newer.npz", written(np.savez, **{**arrays, "gossan_ratings_model": np.array([2.0])}))
    ordinal = {**arrays, "thresholds": np.array([-0.5, 0.5]), "nu": np.zeros(1), "noise_scale": np.ones(1), "mean": np.zeros(1)}
    seed("model/ratings_ordinal.npz", written(np.savez, **ordinal))


def mtx() -> None:
    sparse = scipy.sparse.coo_matrix(([1.5, -2.0, 3.0], ([0, 1, 2], [1, 0, 2])), shape=(3, 3))
    symmetric = scipy.sparse.coo_matrix(([2.0, 1.0, 1.0], ([0, 1, 0], [0, 0, 1])), shape=(2, 2))
    skew = scipy.sparse.coo_matrix(([1.0, -1.0], ([1, 0], [0, 1])), shape=(2, 2))
    seed("mtx/general.mtx", written(scipy.io.mmwrite, sparse))
    seed("mtx/symmetric.mtx", written(scipy.io.mmwrite, symmetric))
    seed("mtx/skew.mtx", written(scipy.io.mmwrite, skew))
    seed("mtx/pattern.mtx", written(scipy.io.mmwrite, sparse, field="pattern"))
    seed("mtx/integer.mtx", written(scipy.io.mmwrite, sparse.astype(int), field="integer"))
    seed("mtx/complex.mtx", written(scipy.io.mmwrite, sparse.astype(complex)))
    seed("mtx/array.mtx", written(scipy.io.mmwrite, np.arange(6.0).reshape(2, 3)))
    seed("mtx/array_symmetric.mtx", written(scipy.io.mmwrite, np.array([[1.0, 2.0], [2.0, 3.0]])))


def mat() -> None:
    numbers = {"A": plain, "small": np.arange(6, dtype="i4").reshape(2, 3), "flag": np.array([[True, False]])}
    others = {"text": "abc", "z": np.array([1 + 2j]), "s": {"x": 1.0}, "c": np.array([1.0, "b"], object)}
    others["sparse"] = scipy.sparse.eye(2, format="csc")
    seed("mat/version5.mat", written(scipy.io.savemat, numbers))
    seed("mat/compressed.mat", written(scipy.io.savemat, numbers, do_compression=True))
    seed("mat/mixed.mat", written(scipy.io.savemat, {**numbers, **others}))
    seed("mat/mixed_compressed.mat", written(scipy.io.savemat, {**others, **numbers}, do_compression=True))
    seed("mat/cube.mat", written(scipy.io.savemat, {"T": np.arange(24.0).reshape(2, 3, 4)}))
    seed("mat/version4.mat", written(scipy.io.savemat, {"A": plain, "text": "abc", "z": np.array([[1j]])}, format="4"))
    seed("mat/big_endian5.mat", big_endian_version_5())
    seed("mat/big_endian4.mat", struct.pack(">5i", 1000, 1, 2, 0, 2) + b"x\0" + struct.pack(">2d", 1, 2))


def big_endian_version_5() -> bytes:
    """As an old workstation wrote it: doubles stored as 16-bit integers, the name in a small element."""
    parts = struct.pack(">IIII", 6, 8, 6, 0) + struct.pack(">IIii", 5, 8, 2, 2) + struct.pack(">HH4s", 1, 1, b"B")
    parts += struct.pack(">II4h", 3, 8, 1, -2, 300, -400)
    header = b"MATLAB 5.0 MAT-file, big-endian".ljust(116) + bytes(8) + b"\x01\x00MI"
    return header + struct.pack(">II", 14, len(parts)) + parts


def csv() -> None:
    seed("csv/pairs.csv", b"i,j,distance\n0,1,100\n0,2,250.5\n1,2,3e2\n")
    seed("csv/no_header.csv", b"1,2\n3,4\n")
    seed("csv/quotes.csv", b'name,value\r\n"Lima, ""the"" city",-12.05\r\n"two\r\nlines",1\r\n')
    seed("csv/semicolons.csv", b"\xef\xbb\xbfa;b\n1;2\n\n# note\n3;4")
    seed("csv/tabs.csv", b"a\tb\r1\t\r\t2\r")
    seed("csv/ragged.csv", b"1,2\n3\n")
    seed("csv/open_quote.csv", b'1,"2\n3,4\n')
    seed("csv/accents.csv", "ville,lat\nOrléans,47.9\n東京,35.7\n".encode())
    seed("csv/not_utf8.csv", b"ville,lat\nOrl\xe9ans,47.9\n")
    seed("csv/zero_byte.csv", b"1,2\n3,\x004\n")


for write_format in (npy, npz, checkpoint, model, mtx, mat, csv):
    write_format()
