// Made by `npm run gen` from the files of this folder. Do not edit.
import type { FileFormat } from './format.ts';
import { arrow } from './arrow.ts';
import { causalResponses } from './causal-responses.ts';
import { connectome } from './connectome.ts';
import { csv } from './csv.ts';
import { flywire } from './flywire.ts';
import { freesurferAnnot } from './freesurfer-annot.ts';
import { freesurferMap } from './freesurfer-map.ts';
import { freesurferSurface } from './freesurfer-surface.ts';
import { gifti } from './gifti.ts';
import { h5ad } from './h5ad.ts';
import { hdf5 } from './hdf5.ts';
import { mgh } from './mgh.ts';
import { mtx } from './mtx.ts';
import { nifti } from './nifti.ts';
import { npy } from './npy.ts';
import { nrrd } from './nrrd.ts';
import { nwb } from './nwb.ts';
import { parquet } from './parquet.ts';
import { stimulusResponse } from './stimulus-response.ts';
import { swc } from './swc.ts';
import { syntheticConnectome } from './synthetic-connectome.ts';
import { tck } from './tck.ts';
import { trk } from './trk.ts';
import { xlsx } from './xlsx.ts';
import { zarr } from './zarr.ts';

export const formats: FileFormat[] = [arrow, causalResponses, connectome, csv, flywire, freesurferAnnot, freesurferMap, freesurferSurface, gifti, h5ad, hdf5, mgh, mtx, nifti, npy, nrrd, nwb, parquet, stimulusResponse, swc, syntheticConnectome, tck, trk, xlsx, zarr];
