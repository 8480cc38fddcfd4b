import { h } from '../kit/dom.ts';
import { number } from '../kit/lab-format.ts';
import type { PredictionView, TestView } from './model.ts';

/** What a test found beside what was predicted, on one axis in the metric's unit: predicted range, interval, estimate. */
export function forest({ direction, size, unit, says }: PredictionView, test: TestView | undefined): HTMLElement {
  const marks = [0, size, direction === 'equivalent' ? -size : 0, test?.low ?? 0, test?.high ?? 0, test?.estimate ?? 0];
  const span = Math.max(...marks) - Math.min(...marks) || 0.2;
  const from = Math.min(...marks) - span * 0.25;
  const to = Math.max(...marks) + span * 0.25;
  const at = (value: number) => (100 * (Math.min(Math.max(value, from), to) - from)) / (to - from);
  const range = { greater: [size, to], less: [from, size], equivalent: [-size, size] }[direction];
  const bounds = direction === 'equivalent' ? [-size, size] : [size];
  const axis = h('div', { class: 'axis' });
  const put = (className: string, left: number, width?: number, text?: string) => {
    const mark = h('span', { class: className }, text);
    mark.style.left = `${left}%`;
    if (width !== undefined) mark.style.width = `${width}%`;
    axis.append(mark);
  };
  put('predicted', at(range[0]), at(range[1]) - at(range[0]));
  put('zero', at(0));
  for (const bound of bounds) put('bound', at(bound), undefined, number(bound));
  if (!bounds.includes(0)) put('tick', at(0), undefined, '0');
  if (test && test.low !== null && test.high !== null) put('interval', at(test.low), at(test.high) - at(test.low));
  if (test && test.estimate !== null) put('estimate', at(test.estimate));
  const found =
    test && test.estimate !== null
      ? `Measured ${number(test.estimate)} ${unit ?? ''}, 95 % interval ${number(test.low)} to ${number(test.high)}.`
      : 'Nothing was measured yet.';
  return h('div', { class: 'forest', role: 'img', 'aria-label': `Predicted: ${says}. ${found}` }, axis);
}
