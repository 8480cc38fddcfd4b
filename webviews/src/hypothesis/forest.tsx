import { shown } from '../kit/format.ts';
import type { PredictionView, TestView } from './model.ts';

interface Mark {
  as: 'predicted' | 'zero' | 'bound' | 'tick' | 'interval' | 'estimate';
  /** Where it begins and, of a stretch, where it ends, in the metric's unit. */
  from: number;
  to?: number;
  text?: string;
}

/** What a test found beside what was predicted, on one axis in the metric's unit: predicted range, interval, estimate. */
export function Forest({ prediction, test }: { prediction: PredictionView; test: TestView | undefined }) {
  const { direction, size, unit, says } = prediction;
  const named = [0, size, direction === 'equivalent' ? -size : 0, test?.low ?? 0, test?.high ?? 0, test?.estimate ?? 0];
  const span = Math.max(...named) - Math.min(...named) || 0.2;
  const low = Math.min(...named) - span * 0.25;
  const high = Math.max(...named) + span * 0.25;
  const percent = (value: number) => (100 * (Math.min(Math.max(value, low), high) - low)) / (high - low);
  const found =
    test && test.estimate !== null
      ? `Measured ${shown(test.estimate)} ${unit ?? ''}, 95 % interval ${shown(test.low)} to ${shown(test.high)}.`
      : 'Nothing was measured yet.';
  return (
    <div class="forest" role="img" aria-label={`Predicted: ${says}. ${found}`}>
      <div class="axis">
        {marksOf(prediction, test, low, high).map(({ as, from, to, text }) => (
          <span
            class={as}
            style={{
              left: `${percent(from)}%`,
              ...(to === undefined ? {} : { width: `${percent(to) - percent(from)}%` }),
            }}
          >
            {text}
          </span>
        ))}
      </div>
    </div>
  );
}

function marksOf({ direction, size }: PredictionView, test: TestView | undefined, low: number, high: number): Mark[] {
  const [from, to] = { greater: [size, high], less: [low, size], equivalent: [-size, size] }[direction];
  const bounds = direction === 'equivalent' ? [-size, size] : [size];
  const marks: Mark[] = [
    { as: 'predicted', from, to },
    { as: 'zero', from: 0 },
  ];
  marks.push(...bounds.map((bound): Mark => ({ as: 'bound', from: bound, text: shown(bound) })));
  if (!bounds.includes(0)) marks.push({ as: 'tick', from: 0, text: '0' });
  if (test && test.low !== null && test.high !== null) marks.push({ as: 'interval', from: test.low, to: test.high });
  if (test && test.estimate !== null) marks.push({ as: 'estimate', from: test.estimate });
  return marks;
}
