import { canonicalJson } from '../canonical.ts';
import type { TwinCard } from '../contracts/twin.ts';
import { datasetRef, readDatasets } from '../ledger/catalogue.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { Standing } from './standing.ts';

/** A call that tells whether validities still hold. */
export interface Retest {
  tool: 'build_twin' | 'validate_twin';
  /** `{built}` stands for the twin that the call before it gives. */
  arguments: Record<string, unknown>;
  /** Validities to which this call is what is missing. */
  clears: string[];
  /** Validities that stand too if this call gives the bytes that it gave before. */
  ifSame?: string[];
}

/**
 * The smallest set of calls after which no validity is stale. One call answers every record of one question. Where nothing but the code
 * changed, one record of each kind and protocol is measured again: if its bytes are the same, the others stand; if not, each is.
 */
export function retests(all: readonly Standing[], ledger: LedgerReader): Retest[] {
  const { found } = readDatasets(ledger);
  const newest = (reference: string) => {
    const release = found.findLast(({ id }) => id === reference.split('@')[0]);
    return release ? datasetRef(release) : reference;
  };
  const stale = all.filter((one) => one.stale.length > 0);
  const byCode = stale.filter((one) => !one.refutedBy && one.stale.every(({ what }) => what === 'code'));
  const other = stale.filter((one) => !byCode.includes(one));
  return [...joined(other.flatMap((one) => callsFor(one, newest))), ...sentinels(byCode, newest)];
}

/** The calls for one validity: where what its twin is made of changed, the twin is built first. */
function callsFor({ record, twin, stale }: Standing, newest: (reference: string) => string): Retest[] {
  const { body, id } = record;
  const rebuilt = twin && stale.some(({ what }) => what !== 'code') && isBehind(twin, newest);
  const build: Retest[] = rebuilt ? [{ tool: 'build_twin', arguments: buildOf(twin, newest), clears: [id] }] : [];
  const judged = rebuilt ? { twin: '{built}' } : twin ? { twin: twin.id } : { kind: body.kind, options: body.options };
  const { protocol, by, controls, seed } = body;
  const call = { ...judged, data: newest(body.data), protocol, by, controls, seed };
  return [...build, { tool: 'validate_twin', arguments: call, clears: [id] }];
}

/** Whether a twin is made of a release that is not the newest. */
const isBehind = ({ data, fittedOn, summary }: TwinCard, newest: (reference: string) => string) =>
  [data, ...(fittedOn.also ?? []), ...(typeof summary.network === 'string' ? [summary.network] : [])].some(
    (reference) => newest(reference) !== reference,
  );

/** How a twin is built again of what is newest. */
function buildOf({ kind, data, fittedOn, options, seed }: TwinCard, newest: (reference: string) => string) {
  const named = Object.entries(options).map(([name, value]) => [name, renewed(value, newest)]);
  return { kind, data: newest(data), part: fittedOn.part, options: Object.fromEntries(named), seed };
}

/** An option in which each name of a release, `id@release`, is that of the newest. */
function renewed(value: unknown, newest: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => renewed(one, newest));
  return typeof value === 'string' && value.includes('@') ? newest(value) : value;
}

/** Of validities that differ from what is now by the code alone, one of each kind and protocol: the newest. */
function sentinels(stale: Standing[], newest: (reference: string) => string): Retest[] {
  const ways = new Map<string, Standing[]>();
  for (const one of stale) {
    const { kind, protocol, by, judged, rests } = one.record.body;
    const way = canonicalJson([kind, protocol, by, judged, rests.code]);
    ways.set(way, [...(ways.get(way) ?? []), one]);
  }
  return [...ways.values()].flatMap((all) => {
    const [last, ...others] = all.toReversed();
    const ifSame = others.map(({ record }) => record.id);
    return callsFor(last, newest).map((call) => ({ ...call, ...(ifSame.length > 0 && { ifSame }) }));
  });
}

/** Calls with the same arguments as one; one that needs what is built before it stays behind it. */
function joined(calls: Retest[]): Retest[] {
  const found = new Map<string, Retest>();
  let built = '';
  for (const call of calls) {
    if (call.tool === 'build_twin') built = canonicalJson(call.arguments);
    const needs = call.arguments.twin === '{built}' ? built : '';
    const key = canonicalJson([call.tool, call.arguments, needs]);
    const known = found.get(key);
    if (known) known.clears.push(...call.clears);
    else found.set(key, { ...call, clears: [...call.clears] });
  }
  return [...found.values()];
}
