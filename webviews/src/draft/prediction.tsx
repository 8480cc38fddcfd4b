import { findMetric, metrics, predictionInWords } from '@bregma/core/contracts/metric';
import { plain } from '@bregma/core/contracts/plain-text';
import { sizeOf } from './content.ts';
import { ChoiceField, Remove, TextField, type Watch } from './fields.tsx';
import type { DraftForm, DraftModel } from './model.ts';

type FormPrediction = DraftForm['predictions'][number];
type Twins = DraftModel['twins'];

const directions: [FormPrediction['direction'], string][] = [
  ['greater', 'is greater than'],
  ['less', 'is less than'],
  ['equivalent', 'is zero, within ±'],
];

interface PredictionParts {
  prediction: FormPrediction;
  /** Place in the form, from 0. */
  i: number;
  twins: Twins;
  watch: Watch;
  change(prediction: FormPrediction): void;
  /** undefined: it is the only one. */
  remove: (() => void) | undefined;
}

/** One prediction, which is read back in plain words as it is typed. */
export function PredictionFields(parts: PredictionParts) {
  const { prediction, i, twins, watch, change, remove } = parts;
  const { measured, direction } = prediction;
  const unit = findMetric(prediction.metric)?.unit ?? '';
  const text = (member: 'size' | 'id' | 'because', label: string, hint?: string) => (
    <TextField
      name={`predictions.${i}.${member}`}
      label={label}
      hint={hint}
      value={prediction[member]}
      watch={watch}
      change={(value) => change({ ...prediction, [member]: value })}
    />
  );
  return (
    <fieldset class="tile prediction">
      <legend>Prediction {i + 1}</legend>
      {measured && (
        <p class="quiet">
          About the table {plain(measured.table ?? measured.data, 120)}: what is asked of it stays as it is here. An
          agent changes it with record_hypothesis.
        </p>
      )}
      <div class="grid">
        {!measured && <OfTwins {...parts} />}
        <ChoiceField
          name={`predictions.${i}.direction`}
          label="It"
          options={directions}
          value={direction}
          watch={watch}
          change={(value) =>
            change({ ...prediction, direction: directions.find(([name]) => name === value)?.[0] ?? 'greater' })
          }
        />
        {text(
          'size',
          direction === 'equivalent'
            ? `Largest difference that counts as none (${unit})`
            : `Smallest effect that counts (${unit})`,
        )}
        {text('id', 'Short name')}
      </div>
      {text('because', 'Because', 'Optional: why the claim implies this.')}
      <p class="note reading">
        <strong>It reads: </strong>
        <output data-reading={i} aria-live="polite">
          {readBack(prediction, twins)}
        </output>
      </p>
      {remove && <Remove label={`Remove prediction ${i + 1}`} remove={remove} />}
    </fieldset>
  );
}

/** What is chosen of a prediction about twins: the metric, and the twins. */
function OfTwins({ prediction, i, twins, watch, change }: PredictionParts) {
  const labels = findMetric(prediction.metric)?.twins === 2 ? ['First twin', 'Second twin'] : ['Twin'];
  return (
    <>
      <ChoiceField
        name={`predictions.${i}.metric`}
        label="What is measured"
        options={metrics.map(({ name, title }) => [name, title])}
        value={prediction.metric}
        watch={watch}
        change={(metric) => change({ ...prediction, metric })}
      />
      {labels.map((label, place) => (
        <ChoiceField
          key={label}
          name={`predictions.${i}.between.${place}`}
          label={label}
          options={twinOptions(twins, prediction.between[place])}
          value={prediction.between[place] ?? ''}
          watch={watch}
          change={(twin) => change({ ...prediction, between: withTwin(prediction.between, place, twin) })}
        />
      ))}
    </>
  );
}

/** The twins with another one in a place; places before it that nobody chose are empty. */
const withTwin = (between: string[], place: number, twin: string): string[] =>
  Array.from({ length: Math.max(between.length, place + 1) }, (_, i) => (i === place ? twin : (between[i] ?? '')));

/** The twins of the folder, and the one that is named though it is not there. */
function twinOptions(twins: Twins, named: string | undefined): [string, string][] {
  const known = twins.map(({ id, title, data }): [string, string] => [
    id,
    `${plain(title, 60)} · ${plain(data, 40)} · ${plain(id, 12)}`,
  ]);
  const missing = named && !known.some(([id]) => id === named);
  return [
    ['', 'Choose…'],
    ...known,
    ...(missing ? [[named, `${plain(named, 40)} (not in this folder)`] satisfies [string, string]] : []),
  ];
}

function readBack({ size, between, ...rest }: FormPrediction, twins: Twins): string {
  const value = sizeOf(size);
  const needed = rest.measured ? 0 : (findMetric(rest.metric)?.twins ?? 1);
  if (between.filter(Boolean).length < needed || !Number.isFinite(value)) return 'not complete yet.';
  const titles = new Map(twins.map(({ id, title }) => [id, title]));
  const words = predictionInWords({ ...rest, between, size: value }, (twin) => titles.get(twin) ?? twin);
  return `${plain(words, 600)}.`;
}
