import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { h, plain } from '../shared/dom.ts';
import { kindMark } from '../shared/kind-mark.ts';
import type { View } from '../shared/view.ts';

interface RecordModel {
  id: string;
  kind: string;
  subject: string;
  at: string;
  body: Record<string, unknown>;
}

/** One record of the ledger, as it was written. */
export const activity: View<RecordModel> = {
  name: 'activity',
  parse(value) {
    const record = value as RecordModel | undefined;
    if (typeof record?.id !== 'string' || typeof record.body !== 'object')
      throw new Error('This is no record of a ledger.');
    return record;
  },
  render({ model, el }) {
    const draw = (record: RecordModel) => {
      const answer = record.body.answer as { kind?: ValueKind } | undefined;
      el.replaceChildren(
        h('h1', {}, plain(`${record.subject || record.kind} `), answer?.kind && kindMark(answer.kind)),
        h('p', {}, h('code', {}, plain(record.id)), ' ', h('time', { datetime: plain(record.at) }, plain(record.at))),
        h('pre', { tabindex: '0', 'aria-label': 'Record' }, plain(JSON.stringify(record.body, null, 2), 100_000)),
      );
    };
    draw(model);
    return { update: draw, dispose: () => el.replaceChildren() };
  },
};
