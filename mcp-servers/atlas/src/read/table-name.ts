import path from 'node:path';

/** The file's name as the name of its table. */
export function tableName(file: string): string {
  const base = path
    .basename(file)
    .replace(
      /(\.(sssom\.tsv|obo|json|tfm|csv|tsv|txt|parquet|xls[xm]?|npy|npz|nii|nrrd|nhdr|mgz|mgh|gii|swc|trk|tck|h5|hdf5|hdf|he5|nwb|h5ad|zarr|mat|mtx|arrow|arrows|ipc|feather))?(\.(gz|zip))?$/i,
      '',
    );
  return (
    base
      .replace(/[^A-Za-z0-9_]+/g, '_')
      .replace(/^(\d)/, '_$1')
      .slice(0, 60) || 'data'
  );
}
