import type { Outcome } from '@bregma/core/contracts/answer';
import type { DomainValidity, ValidityRecord } from '@bregma/core/contracts/validity';
import type { NewRecord } from '@bregma/core/ledger/records';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { restsOn } from '@bregma/core/validity/rests-on';
import type { Validated, ValidationRequest } from './kinds/kind.ts';

/** What was found, as a record that goes stale when what it rests on changes. */
export function validityRecord(
  kind: string,
  { twin, options, protocol, by, controls, seed }: ValidationRequest,
  { value, n, uncertainty, release = [] }: Outcome<Validated>,
  { ledger }: ToolContext['workspace'],
): NewRecord<'validity'> {
  const judged = protocol === 'heldout' ? 'twin' : 'kind';
  const { low, high, level } = value.ci;
  const head: DomainValidity = {
    domain: value.domain ?? 'not stated',
    pearson: uncertainty?.of === 'median pearson' ? value.median.pearson : (value.pearson ?? null),
    ...{ low, high, level },
    ...{ n: n?.count ?? 0, of: n?.of ?? 'not stated' },
    ceiling: value.ceiling,
    control: value.control,
  };
  const body: ValidityRecord = {
    ...(twin && { twin: twin.id }),
    ...{ kind, options, judged, protocol, by, controls, seed },
    fittedOnTheseNeurons: value.fittedOnTheseNeurons ?? false,
    data: release[0] ?? '',
    domains: [head, ...(value.apart ?? [])].map(({ domain, pearson, n: count, of, ceiling, control, ...ci }) => ({
      ...{ domain, pearson, low: ci.low, high: ci.high, level: ci.level },
      ...{ n: count, of, ceiling, control },
    })),
    perUnit: value.perUnit.object,
    rests: restsOn(release, judged === 'twin' ? twin : undefined, ledger),
  };
  return { kind: 'validity', subject: twin?.id ?? kind, body };
}
