"""The same random matrix by rows, by columns and dense, by anndata, in HDF5 and Zarr, and the entries of three genes on stdout. argv: folder, seed."""
import json
import sys
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import scipy.sparse as sp

pd.set_option('future.infer_string', False)  # anndata writes words of objects

folder, rng = Path(sys.argv[1]), np.random.default_rng(int(sys.argv[2]))
cells, genes = int(rng.integers(50, 200)), int(rng.integers(20, 90))
kind = rng.choice(["f4", "f8", "i4", "u2"])
dense = rng.integers(1, 200, (cells, genes)).astype(kind) * (rng.random((cells, genes)) < 0.2)
dense = dense.astype(kind)
obs = pd.DataFrame({"cluster": rng.choice(["Pvalb", "Sst"], cells)}, index=[f"cell{i}" for i in range(cells)])
symbols = [f"Gene{i}" for i in range(genes)]
symbols[7] = symbols[3]  # one symbol, two genes
var = pd.DataFrame({"gene_symbol": pd.Categorical(symbols)}, index=[f"ENSMUSG{i:011d}" for i in range(genes)])
for name, matrix in {"csr": sp.csr_matrix(dense), "csc": sp.csc_matrix(dense), "dense": dense}.items():
    data = anndata.AnnData(matrix, obs=obs, var=var, layers={"log": matrix * 2}, obsm={"X_umap": np.zeros((cells, 2))})
    data.write_h5ad(folder / f"{name}.h5ad")
    if name != "dense":
        data.write_zarr(folder / f"{name}.zarr")
asked = [3, 7, 11]
print(json.dumps({"cells": cells, "entries": [[int(c), g, float(dense[c, g])] for g in asked for c in np.flatnonzero(dense[:, g])]}))
