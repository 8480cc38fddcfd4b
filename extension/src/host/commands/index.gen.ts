// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Command } from '../app.ts';
import { showRecord } from './show-record.ts';

export const commands: Command[] = [showRecord];
