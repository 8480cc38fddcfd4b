"""Files of the layouts of recordings and responses that are published, small, by the libraries that write them. argv: folder."""
import gzip
import sys
from pathlib import Path

import h5py
import nibabel
import numpy as np
import pandas as pd

folder, rng = Path(sys.argv[1]), np.random.default_rng(7)


def inside(name):
    (folder / name).mkdir(parents=True, exist_ok=True)
    return folder / name


# Steinmetz et al. 2019: attributes are columns [n × 1]; the peak channel counts from 1 (the last channel is 4 of 4).
session = inside("steinmetz/Cori_2016-12-14")
column = lambda values, kind="f8": np.asarray(values, kind).reshape(-1, 1)
times = np.sort(rng.uniform(0, 100, 200))
for name, values in {
    "spikes.times": column(times), "spikes.clusters": column(np.arange(200) % 3, "u4"),
    "clusters.peakChannel": column([1, 4, 2]), "clusters._phy_annotation": column([2, 1, 3]),
    "clusters.templateWaveforms": rng.normal(size=(3, 82, 50)).astype("f4"), "channels.sitePositions": rng.normal(size=(4, 2)),
    "trials.intervals": np.array([[0.0, 10.0], [12.0, 20.0]]), "trials.visualStim_times": column([1.0, 13.0]),
    "trials.visualStim_contrastLeft": column([0.5, 0.0]), "wheel.timestamps": np.array([[0, 0.0], [9, 90.0]]),
    "wheel.position": column(np.zeros(10))}.items():
    np.save(session / f"{name}.npy", values)
pd.DataFrame({"ccf_ap": [100, 200, 300, 400], "ccf_dv": [1, 2, 3, 4], "ccf_lr": [5, 6, 7, 8],
              "allen_ontology": ["VISp", "VISp", "CA1", "root"]}).to_csv(session / "channels.brainLocation.tsv", sep="\t", index=False)

# International Brain Laboratory: a session as ONE keeps it, with a later revision of the trials and of the spikes.
ibl = inside("ibl/alf/probe00/pykilosort")
np.save(ibl / "spikes.times.npy", np.zeros(2))
np.save(ibl / "spikes.clusters.npy", np.zeros(2, "i4"))
later = inside("ibl/alf/probe00/pykilosort/#2024-05-06#")
np.save(later / "spikes.times.npy", np.array([0.5, 1.5, 2.5]))
np.save(later / "spikes.clusters.npy", np.array([1, 0, 1], "i4"))
np.save(ibl / "clusters.channels.npy", np.array([2, 0], "i4"))
np.save(ibl / "channels.brainLocationIds_ccf_2017.npy", np.array([385, 382, 997], "i4"))
pd.DataFrame({"cluster_id": [0, 1], "label": [1.0, 0.33]}).to_parquet(ibl / "clusters.metrics.pqt")
for where, contrast in [("ibl/alf", 0.0), ("ibl/alf/#2025-03-03#", 0.25)]:
    pd.DataFrame({"stimOn_times": [1.0, 4.0], "contrastLeft": [contrast, np.nan], "choice": [-1.0, 1.0],
                  "probabilityLeft": [0.5, 0.2]}).to_parquet(inside(where) / "_ibl_trials.table.pqt")
np.save(folder / "ibl/alf/_ibl_wheel.position.npy", np.arange(4.0))
np.save(folder / "ibl/alf/_ibl_wheel.timestamps.npy", np.arange(4.0) / 10)

# MICrONS: no line of names in the CSV; the names are a file of their own.
microns = inside("microns")
tables = {"coregistration_manual_v4_merged": pd.DataFrame({
    "id": [1, 2], "target_id": [256576, 303149], "session": [4, 9], "scan_idx": [7, 4], "unit_id": [12, 5], "field": [1, 2],
    "residual": [3.5, 8.25], "score": [1.5, -0.5], "pt_root_id": [864691135571546917, 0]}),
    "functional_properties_v3_bcm_merged": pd.DataFrame({
        "id": [7], "target_id": [256576], "session": [4], "scan_idx": [7], "unit_id": [12], "pref_ori": [1.25], "cc_abs": [0.4],
        "pt_root_id": [864691135571546917]})}
for name, table in tables.items():
    with gzip.open(microns / f"{name}.csv.gz", "wt") as out:
        table.to_csv(out, index=False, header=False)
    (microns / f"{name}_header.csv").write_text("\n".join(table.columns) + "\n")

# Allen Visual Coding: the tables of the cache of AllenSDK.
allen = inside("allen-vc")
pd.DataFrame({"id": [715093703], "session_type": ["brain_observatory_1.1"], "specimen_id": [699733581]}).to_csv(allen / "sessions.csv", index=False)
pd.DataFrame({"id": [810755797], "ecephys_session_id": [715093703], "name": ["probeA"]}).to_csv(allen / "probes.csv", index=False)
pd.DataFrame({"id": [850261194, 850261196], "ecephys_probe_id": [810755797] * 2, "local_index": [0, 1],
              "anterior_posterior_ccf_coordinate": [8000.0, None], "dorsal_ventral_ccf_coordinate": [900.0, None],
              "left_right_ccf_coordinate": [2000.0, None], "ecephys_structure_id": [385.0, None],
              "ecephys_structure_acronym": ["VISp", None]}).to_csv(allen / "channels.csv", index=False)
pd.DataFrame({"id": [950907205, 950907209, 950907299], "ecephys_channel_id": [850261194, 850261196, 1], "snr": [2.5, 1.5, 0.5],
              "isi_violations": [0.1, 0.2, 9.0]}).to_csv(allen / "units.csv", index=False)

# ZAPBench: traces in Zarr 3, features in Zarr 2 (by h5py's sizes; smaller here).
import zarr  # noqa: E402

traces = rng.normal(size=(20, 7)).astype("f4")
zarr.create_array(store=str(inside("zapbench") / "traces"), data=traces, chunks=(8, 4), zarr_format=3)
zarr.create_array(store=str(folder / "zapbench/stimuli_features"), data=np.arange(60, dtype="f4").reshape(20, 3), chunks=(20, 3), zarr_format=2)

# Natural Scenes: betas in HDF5 (trials first) and NIfTI (trials last), times 300 as whole numbers.
nsd = inside("nsd-betas/roi").parent
whole = rng.integers(-3000, 3000, (6, 4, 3, 2)).astype("i2")
with h5py.File(nsd / "betas_session01.hdf5", "w") as file:
    file.create_dataset("betas", data=whole, chunks=(1, 4, 3, 2))
nibabel.Nifti1Image(whole.transpose(3, 2, 1, 0).copy(), np.diag([1.8, 1.8, 1.8, 1])).to_filename(nsd / "betas_session02.nii.gz")
nibabel.Nifti1Image(rng.random((2, 3, 4)).astype("f4"), np.diag([1.8, 1.8, 1.8, 1])).to_filename(nsd / "ncsnr.nii.gz")
nibabel.Nifti1Image(np.ones((2, 3, 4), "i2"), np.diag([1.8, 1.8, 1.8, 1])).to_filename(nsd / "roi/nsdgeneral.nii.gz")
pd.DataFrame({"SUBJECT": [1, 1], "SESSION": [1, 1], "RUN": [1, 1], "TRIAL": [1, 2], "73KID": [46003, 61883],
              "RT": [803.5, None]}).to_csv(nsd / "responses.tsv", sep="\t", index=False)
for run in (1, 2):
    (nsd / f"design_session01_run0{run}.tsv").write_text(f"0\n{46003 * run}\n0\n")

# THINGS: a frame of pandas in HDF5 as pandas 2 lays it out (fixed), written by h5py: PyTables is not needed to read it.
things = inside("things")
responses = rng.normal(size=(3, 5))
with h5py.File(things / "sub-01_ResponseData.h5", "w") as file:
    group = file.create_group("ResponseData")
    group.attrs["pandas_type"], group.attrs["encoding"] = np.bytes_("frame"), np.bytes_("UTF-8")
    group.create_dataset("axis1", data=np.arange(3))
    for name, values in {"block0_values": responses, "block1_values": np.arange(3).reshape(3, 1)}.items():
        group.create_dataset(name, data=values).attrs["transposed"] = np.uint8(1)
    group.create_dataset("block1_items", data=np.array([b"voxel_id"]))
pd.DataFrame({"voxel_id": [0, 1, 2], "subject_id": 1, "voxel_x": [1, 1, 2], "nc_testset": [0.0, 11.8, 20.7], "V1": [0, 1, 1],
              "LO1 (prf)": [0, 0, 1]}).to_csv(things / "sub-01_VoxelMetadata.csv", index=False)
pd.DataFrame({"trial_type": ["train"] * 4 + ["test"], "session": 1, "run": 1, "subject_id": 1, "trial_id": range(5),
              "stimulus": ["dog_12s.jpg", "mango_12s.jpg", "spatula_12s.jpg", "panda_12s.jpg", "candelabra_14s.jpg"]}).to_csv(
    things / "sub-01_StimulusMetadata.csv", index=False)

bold = inside("bold5000")
early = rng.normal(size=(3, 8))
np.save(bold / "CSI1_GLMbetas-TYPED-FITHRF-GLMDENOISE-RR_allses_LHEarlyVis.npy", early)
(bold / "CSI1_imgnames.txt").write_text("n01930112_19568.JPEG\nCOCO_train2014_000000026523.jpg\nn01930112_19568.JPEG\n")
np.savez(folder / "expected.npz", whole=whole, traces=traces, responses=responses, early=early)
