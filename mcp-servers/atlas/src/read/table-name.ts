import path from 'node:path';

/** The file's name as the name of its table. */
export function tableName(file: string): string {
  const base = path
    .basename(file)
<<<<<<< HEAD
    .replace(/(\.(csv|tsv|txt|parquet|xlsx|npy|nii|nrrd|nhdr|mgz|mgh|gii|swc|trk|tck))?(\.gz)?$/i, '');
=======
    .replace(/(\.(csv|tsv|txt|parquet|xlsx|npy|npz|h5|hdf5|hdf|he5|nwb|h5ad|mat|mtx|arrow|feather|ipc))?(\.gz)?$/i, '');
>>>>>>> 63c3359 (Open HDF5 and NWB: arrays, tables of rows, units with their spikes, time series in their unit)
  return (
    base
      .replace(/[^A-Za-z0-9_]+/g, '_')
      .replace(/^(\d)/, '_$1')
      .slice(0, 60) || 'data'
  );
}
