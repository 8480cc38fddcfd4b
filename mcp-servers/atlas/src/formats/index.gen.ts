// Made by `npm run gen` from the files of this folder. Do not edit.
import type { FileFormat } from './format.ts';
import { csv } from './csv.ts';
import { npy } from './npy.ts';
import { parquet } from './parquet.ts';
import { stimulusResponse } from './stimulus-response.ts';
import { xlsx } from './xlsx.ts';

export const formats: FileFormat[] = [csv, npy, parquet, stimulusResponse, xlsx];
