import { JsonModel } from '@bregma/core/contracts/views/json';
import { h, plain } from '../shared/dom.ts';
import { figure } from '../shared/figure.ts';
import { parsed } from '../shared/parsed.ts';
import { redrawn } from '../shared/redrawn.ts';
import type { View } from '../shared/view.ts';

/** x */
export const json: View<JsonModel> = {
  name: 'json',
  parse: (value) => parsed(JsonModel, value, 'json'),
  render({ model, el, host }) {
    return redrawn(model, (now) => {
      const { body } = figure(el, { caption: now, host });
      body.append(h('pre', {}, plain(JSON.stringify(now.value, null, 1))));
      return undefined;
    });
  },
};
