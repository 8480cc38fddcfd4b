import { BregmaError } from '@bregma/core/errors';
import type { AttributeValue } from '../container/container.ts';
import type { ZarrStore } from './store.ts';

/** What JSON holds; whole numbers beyond 2⁵³ are text. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
/** What metadata are. */
export type JsonObject = { [name: string]: Json };

/** Texts, which are left alone, and the words that Python writes where JSON has no number. */
const notJson = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
const mark = '\u0001';

/** Parses JSON as Python writes it: NaN and Infinity are numbers, and no digit of a long whole number is lost. */
export function parseJson(text: string): Json {
  const words = text.replace(notJson, (found) => (found[0] === '"' ? found : `"\\u0001${found}"`));
  const exact = (_name: string, value: unknown, context?: { source?: string }) => {
    if (typeof value === 'string' && value[0] === mark) return Number(value.slice(1));
    const digits = context?.source ?? '';
    return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(digits) ? digits : value;
  };
  // SAFETY: JSON.parse gives what JSON has; its third argument is younger than its type.
  return JSON.parse(words, exact as (name: string, value: unknown) => unknown) as Json;
}

/** The object under a key, or undefined where there is no such key. Throws `corrupt` for anything else. */
export function objectAt(store: ZarrStore, key: string): JsonObject | undefined {
  const bytes = store.read(key);
  if (!bytes) return undefined;
  try {
    const value = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isObject(value)) return value;
  } catch {
    // told below
  }
  throw new BregmaError('corrupt', `${key} of ${store.name} is no JSON object.`, {
    next: 'Copy the data again; nothing was added.',
  });
}

/** True for a JSON object: no list, not null. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lengths of axes: whole numbers from 0. Undefined when it is no list of them. */
export function sizesOf(value: Json | undefined): number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const sizes = value.filter((size): size is number => Number.isSafeInteger(size) && Number(size) >= 0);
  return sizes.length === value.length ? sizes : undefined;
}

/** An attribute as a container has it: what is an object is its JSON, but one that names another node (hdmf-zarr) is that path. */
export function attributeOf(value: Json): AttributeValue {
  if (Array.isArray(value)) return value.map(attributeOf);
  if (!isObject(value)) return value;
  return referenceOf(value.zarr_dtype === 'object' ? value.value : value) ?? JSON.stringify(value);
}

/** The path of the node that a reference of hdmf-zarr names, or undefined when a value is none. */
export function referenceOf(value: Json | undefined): string | undefined {
  if (!isObject(value) || typeof value.path !== 'string' || typeof value.source !== 'string') return undefined;
  return value.source === '.' ? absolute(value.path) : `${value.source}:${value.path}`;
}

/** A path with one slash before it and none behind. */
export const absolute = (path: string) => `/${path.replace(/^\/+|\/+$/g, '')}`;
