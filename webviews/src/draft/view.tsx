import { metrics } from '@bregma/core/contracts/metric';
import { plain } from '@bregma/core/contracts/plain-text';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Shown, shownBy } from '../kit/component.tsx';
import labStyle from '../kit/lab.css';
import type { View } from '../kit/view.ts';
import { checkDraft } from './check.ts';
import { Remove, TextField, type Watch } from './fields.tsx';
import { DraftForm, DraftModel } from './model.ts';
import { PredictionFields } from './prediction.tsx';
import style from './view.css';

const titles = { new: 'New hypothesis', edit: 'Edit draft', supersede: 'New version' };
/** Most rivals, and most predictions, that the form offers to add. */
const most = 10;

/** What was typed stays; only what the editor says is taken over. */
function Body({ model, host }: Shown<DraftModel>) {
  const { mode, of, problem, saving, twins, trusted } = model;
  const page = useRef<HTMLDivElement>(null);
  const [form, setForm] = useState(() => {
    const kept = DraftForm.safeParse(host.restore());
    return kept.success ? kept.data : model.form;
  });
  /** Fields that the person has left once: only these, or all after an attempt to save, show what is wrong. */
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(false);
  const focus = useFocus(page);
  useLayoutEffect(() => {
    if (problem) page.current?.querySelector<HTMLElement>('[role="alert"]')?.focus();
  }, [model]);
  const problems = checkDraft(form);
  const watch: Watch = {
    problem: (name) => (tried || left.has(name) ? problems.get(name) : undefined),
    leave: (name) => setLeft((before) => new Set(before).add(name)),
  };
  const change = (now: Partial<DraftForm>, next?: string) => {
    const changed = { ...form, ...now };
    setForm(changed);
    host.remember(changed);
    focus(next);
  };
  const save = (freeze: boolean) => {
    if (saving || !trusted) return;
    setTried(true);
    const [first] = problems.keys();
    if (first === undefined) host.send('save', { form, freeze });
    else focus(first);
  };
  const text = (member: 'claim' | 'plan', label: string, hint: string) => (
    <TextField
      name={member}
      label={label}
      hint={hint}
      rows={3}
      value={form[member]}
      watch={watch}
      change={(value) => change({ [member]: value })}
    />
  );
  return (
    <div class="lab" ref={page}>
      <h1>{titles[mode]}</h1>
      <p class="quiet intro">{introOf(mode, of)}</p>
      <form
        noValidate
        onSubmit={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (!(event.ctrlKey || event.metaKey) || (event.key !== 's' && event.key !== 'Enter')) return;
          event.preventDefault();
          save(false);
        }}
      >
        {twins.length === 0 && (
          <p class="note warn">
            There are no twins in this folder yet, and a prediction is about twins. Build one first: an agent does it
            with build_twin.
          </p>
        )}
        {problem !== undefined && (
          <p class="note bad" role="alert" tabIndex={-1}>
            {plain(problem)}
          </p>
        )}
        {text('claim', 'Claim', 'One sentence that can turn out to be wrong.')}
        <Rivals form={form} watch={watch} change={change} />
        <Predictions form={form} twins={twins} watch={watch} change={change} />
        {text('plan', 'How it will be tested', 'Optional: subject, stimuli, sample size, stop rule, in words.')}
        <div class="bar row">
          <button type="button" data-focus="save" disabled={saving || !trusted} onClick={() => save(false)}>
            {saving ? 'Saving…' : 'Save draft'}
          </button>
          <button
            type="button"
            class="second"
            data-focus="freeze"
            disabled={saving || !trusted}
            onClick={() => save(true)}
          >
            Save and freeze…
          </button>
          <p class="quiet" role="status">
            {tried && problems.size > 0 ? `${problems.size} to mend before it can be saved.` : ''}
          </p>
        </div>
      </form>
    </div>
  );
}

/** Gives the focus to the field of a name, once what was just changed is on the page. */
function useFocus(page: { current: HTMLElement | null }): (name: string | undefined) => void {
  const [wanted, want] = useState<{ name: string }>();
  useLayoutEffect(() => {
    if (wanted) page.current?.querySelector<HTMLElement>(`[data-focus="${CSS.escape(wanted.name)}"]`)?.focus();
  }, [wanted]);
  return (name) => name !== undefined && want({ name });
}

function introOf(mode: DraftModel['mode'], of?: string): string {
  if (mode === 'edit') return `Saving makes a new wording that takes the place of ${of}. Both stay on record.`;
  if (mode === 'supersede') return `It supersedes ${of} once it is frozen. Until then ${of} stands.`;
  return 'A draft can be edited until it is frozen. Freezing fixes it before data are seen.';
}

interface Part {
  form: DraftForm;
  watch: Watch;
  /** Takes what was typed over; `focus` names the field that has the focus then. */
  change(now: Partial<DraftForm>, focus?: string): void;
}

const withItem = <T,>(list: T[], at: number, item: T): T[] => list.map((other, i) => (i === at ? item : other));
const without = <T,>(list: T[], at: number): T[] => list.filter((_, i) => i !== at);

function Rivals({ form: { rivals }, watch, change }: Part) {
  return (
    <fieldset class="tile">
      <legend>Rivals</legend>
      <p class="quiet">Other explanations. The predictions must tell them apart from the claim.</p>
      {rivals.map((rival, i) => (
        <div class="with-remove">
          <TextField
            name={`rivals.${i}`}
            label={`Rival ${i + 1}`}
            value={rival}
            watch={watch}
            change={(value) => change({ rivals: withItem(rivals, i, value) })}
          />
          {rivals.length > 1 && (
            <Remove
              label={`Remove rival ${i + 1}`}
              remove={() => change({ rivals: without(rivals, i) }, `rivals.${Math.max(0, i - 1)}`)}
            />
          )}
        </div>
      ))}
      <Add
        what="rival"
        count={rivals.length}
        add={() => change({ rivals: [...rivals, ''] }, `rivals.${rivals.length}`)}
      />
    </fieldset>
  );
}

function Predictions({ form: { predictions }, twins, watch, change }: Part & Pick<DraftModel, 'twins'>) {
  const add = () => {
    const { name: metric } = metrics[0];
    const added = {
      id: freeId(predictions),
      metric,
      direction: 'greater',
      size: '',
      between: [],
      because: '',
    } as const;
    change({ predictions: [...predictions, { ...added, between: [] }] }, `predictions.${predictions.length}.metric`);
  };
  return (
    <>
      {predictions.map((prediction, i) => (
        <PredictionFields
          prediction={prediction}
          i={i}
          twins={twins}
          watch={watch}
          change={(now) => change({ predictions: withItem(predictions, i, now) })}
          remove={
            predictions.length > 1
              ? () => change({ predictions: without(predictions, i) }, `predictions.${Math.max(0, i - 1)}.metric`)
              : undefined
          }
        />
      ))}
      <Add what="prediction" count={predictions.length} add={add} />
    </>
  );
}

const Add = ({ what, count, add }: { what: string; count: number; add(): void }) => (
  <button type="button" class="second add" data-focus={`add ${what}s`} disabled={count >= most} onClick={add}>
    Add {what}
  </button>
);

function freeId(predictions: DraftForm['predictions']): string {
  const taken = new Set(predictions.map(({ id }) => id));
  let n = predictions.length + 1;
  while (taken.has(`p${n}`)) n++;
  return `p${n}`;
}

/** The form in which a draft is written; each prediction is read back in plain words as it is typed. */
export const draft: View<DraftModel> = {
  name: 'draft',
  style: labStyle + style,
  parse: (value) => DraftModel.parse(value),
  render: shownBy(Body),
};
