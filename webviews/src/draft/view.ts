import { findMetric, metrics, predictionInWords } from '@bregma/core/contracts/metric';
import { h, plain } from '../kit/dom.ts';
import { keepFocus } from '../kit/keep-focus.ts';
import labStyle from '../kit/lab.css';
import type { View, ViewHost } from '../kit/view.ts';
import { checkDraft } from './check.ts';
import { sizeOf } from './content.ts';
import { choice, field, type Problem } from './fields.ts';
import { DraftForm, DraftModel } from './model.ts';
import style from './view.css';

const titles = { new: 'New hypothesis', edit: 'Edit draft', supersede: 'New version' };
const directions = [
  ['greater', 'is greater than'],
  ['less', 'is less than'],
  ['equivalent', 'is zero, within ±'],
] as const;

/** The form in which a draft is written; each prediction is read back in plain words as it is typed. */
export const draft: View<DraftModel> = {
  name: 'draft',
  style: labStyle + style,
  parse: (value) => DraftModel.parse(value),
  render({ model, el, host }) {
    const form = new Form(el, host, model);
    return { update: (next) => form.update(next), dispose: () => el.replaceChildren() };
  },
};

type Select = (
  name: string,
  label: string,
  options: [string, string][],
  value: string,
  change: (value: string) => void,
) => HTMLElement;

class Form {
  private readonly el: HTMLElement;
  private readonly host: ViewHost;
  private model: DraftModel;
  private form: DraftForm;
  /** Fields that the person has left once: only these, or all after an attempt to save, show what is wrong. */
  private readonly left = new Set<string>();
  private tried = false;

  constructor(el: HTMLElement, host: ViewHost, model: DraftModel) {
    this.el = el;
    this.host = host;
    this.model = model;
    const kept = DraftForm.safeParse(host.restore());
    this.form = structuredClone(kept.success ? kept.data : model.form);
    el.addEventListener('keydown', (event) => {
      if ((event.ctrlKey || event.metaKey) && (event.key === 's' || event.key === 'Enter')) {
        event.preventDefault();
        this.save(false);
      }
    });
    this.draw();
  }

  /** What was typed stays; only what the editor says is taken over. */
  update(model: DraftModel): void {
    this.model = model;
    this.draw();
    if (model.problem) this.el.querySelector<HTMLElement>('[role="alert"]')?.focus();
  }

  private draw(): void {
    keepFocus(this.el, () => this.el.replaceChildren(this.page()));
    this.judge();
  }

  private page(): HTMLElement {
    const { mode, of, problem, saving, twins, trusted } = this.model;
    const { form } = this;
    return h(
      'div',
      { class: 'lab' },
      h('h1', {}, titles[mode]),
      h('p', { class: 'quiet intro' }, this.intro(mode, of)),
      twins.length === 0 &&
        h(
          'p',
          { class: 'note warn' },
          'There are no twins in this folder yet, and a prediction is about twins. Build one first: an agent does it with build_twin.',
        ),
      problem !== undefined && h('p', { class: 'note bad', role: 'alert', tabindex: '-1' }, plain(problem)),
      h(
        'form',
        { novalidate: true, submit: (event) => event.preventDefault() },
        this.text(
          'claim',
          'Claim',
          form.claim,
          (value) => {
            form.claim = value;
          },
          { rows: 3, hint: 'One sentence that can turn out to be wrong.' },
        ),
        h(
          'fieldset',
          { class: 'tile' },
          h('legend', {}, 'Rivals'),
          h('p', { class: 'quiet' }, 'Other explanations. The predictions must tell them apart from the claim.'),
          ...form.rivals.map((rival, i) => this.rival(rival, i)),
          this.add('Add rival', 'rivals', form.rivals.length < 10, () => form.rivals.push('')),
        ),
        ...form.predictions.map((prediction, i) => this.prediction(prediction, i)),
        this.add('Add prediction', 'predictions', form.predictions.length < 10, () =>
          form.predictions.push({
            id: this.freeId(),
            metric: metrics[0].name,
            direction: 'greater',
            size: '',
            between: [],
            because: '',
          }),
        ),
        this.text(
          'plan',
          'How it will be tested',
          form.plan,
          (value) => {
            form.plan = value;
          },
          { rows: 3, hint: 'Optional: subject, stimuli, sample size, stop rule, in words.' },
        ),
        h(
          'div',
          { class: 'bar row' },
          h(
            'button',
            { type: 'button', 'data-focus': 'save', disabled: saving || !trusted, click: () => this.save(false) },
            saving ? 'Saving…' : 'Save draft',
          ),
          h(
            'button',
            {
              type: 'button',
              class: 'second',
              'data-focus': 'freeze',
              disabled: saving || !trusted,
              click: () => this.save(true),
            },
            'Save and freeze…',
          ),
          h('p', { class: 'quiet', role: 'status' }),
        ),
      ),
    );
  }

  private intro(mode: DraftModel['mode'], of?: string): string {
    if (mode === 'edit') return `Saving makes a new wording that takes the place of ${of}. Both stay on record.`;
    if (mode === 'supersede') return `It supersedes ${of} once it is frozen. Until then ${of} stands.`;
    return 'A draft can be edited until it is frozen. Freezing fixes it before data are seen.';
  }

  private text(
    name: string,
    label: string,
    value: string,
    change: (value: string) => void,
    options: { rows?: number; hint?: string } = {},
  ): HTMLElement {
    const input = options.rows
      ? h('textarea', { rows: String(options.rows) }, value)
      : h('input', { type: 'text', value });
    return field({ name, label, input, hint: options.hint, ...this.watch(name, () => change(input.value)) });
  }

  private watch(name: string, change: () => void) {
    return {
      change: () => {
        change();
        this.host.remember(this.form);
        this.judge();
      },
      leave: () => {
        this.left.add(name);
        this.judge();
      },
    };
  }

  private rival(rival: string, i: number): HTMLElement {
    const { rivals } = this.form;
    return h(
      'div',
      { class: 'with-remove' },
      this.text(`rivals.${i}`, `Rival ${i + 1}`, rival, (value) => {
        rivals[i] = value;
      }),
      rivals.length > 1 &&
        this.remove(`Remove rival ${i + 1}`, `rivals.${Math.max(0, i - 1)}`, () => rivals.splice(i, 1)),
    );
  }

  private prediction(prediction: DraftForm['predictions'][number], i: number): HTMLElement {
    const { predictions } = this.form;
    const at = (name: string) => `predictions.${i}.${name}`;
    const metric = findMetric(prediction.metric);
    const select: Select = (name, label, options, value, change) => {
      const input = choice(options, value);
      return field({ name: at(name), label, input, ...this.watch(at(name), () => change(input.value)) });
    };
    return h(
      'fieldset',
      { class: 'tile prediction' },
      h('legend', {}, `Prediction ${i + 1}`),
      prediction.measured &&
        h(
          'p',
          { class: 'quiet' },
          `About the table ${plain(prediction.measured.table ?? prediction.measured.data, 120)}: what is asked of it stays as it is here. An agent changes it with record_hypothesis.`,
        ),
      h(
        'div',
        { class: 'grid' },
        ...(prediction.measured ? [] : this.ofTwins(prediction, select)),
        select(
          'direction',
          'It',
          directions.map(([value, words]) => [value, words]),
          prediction.direction,
          (value) => {
            prediction.direction = directions.find(([direction]) => direction === value)?.[0] ?? 'greater';
            this.draw();
          },
        ),
        this.text(
          at('size'),
          prediction.direction === 'equivalent'
            ? `Largest difference that counts as none (${metric?.unit ?? ''})`
            : `Smallest effect that counts (${metric?.unit ?? ''})`,
          prediction.size,
          (value) => {
            prediction.size = value;
          },
        ),
        this.text(at('id'), 'Short name', prediction.id, (value) => {
          prediction.id = value;
        }),
      ),
      this.text(
        at('because'),
        'Because',
        prediction.because,
        (value) => {
          prediction.because = value;
        },
        { hint: 'Optional: why the claim implies this.' },
      ),
      h(
        'p',
        { class: 'note reading' },
        h('strong', {}, 'It reads: '),
        h('output', { 'data-reading': String(i), 'aria-live': 'polite' }),
      ),
      predictions.length > 1 &&
        this.remove(`Remove prediction ${i + 1}`, `predictions.${Math.max(0, i - 1)}.metric`, () =>
          predictions.splice(i, 1),
        ),
    );
  }

  /** What is chosen of a prediction about twins: the metric, and the twins. */
  private ofTwins(prediction: DraftForm['predictions'][number], select: Select): HTMLElement[] {
    const twinLabels = findMetric(prediction.metric)?.twins === 2 ? ['First twin', 'Second twin'] : ['Twin'];
    return [
      select(
        'metric',
        'What is measured',
        metrics.map(({ name, title }) => [name, title]),
        prediction.metric,
        (value) => {
          prediction.metric = value;
          this.draw();
        },
      ),
      ...twinLabels.map((label, twin) =>
        select(
          `between.${twin}`,
          label,
          this.twinOptions(prediction.between[twin]),
          prediction.between[twin] ?? '',
          (value) => {
            prediction.between[twin] = value;
          },
        ),
      ),
    ];
  }

  /** The twins of the folder, and the one that is named though it is not there. */
  private twinOptions(named: string | undefined): [string, string][] {
    const known = this.model.twins.map(({ id, title, data }): [string, string] => [
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

  private add(label: string, list: 'rivals' | 'predictions', allowed: boolean, change: () => void): HTMLElement {
    const click = () => {
      change();
      this.host.remember(this.form);
      this.draw();
      const last = this.form[list].length - 1;
      this.el
        .querySelector<HTMLElement>(`[data-focus="${list}.${last}${list === 'predictions' ? '.metric' : ''}"]`)
        ?.focus();
    };
    return h(
      'button',
      { type: 'button', class: 'second add', 'data-focus': `add ${list}`, disabled: !allowed, click },
      label,
    );
  }

  private remove(label: string, focus: string, change: () => void): HTMLElement {
    const click = () => {
      change();
      this.host.remember(this.form);
      this.draw();
      this.el.querySelector<HTMLElement>(`[data-focus="${focus}"]`)?.focus();
    };
    return h('button', { type: 'button', class: 'second remove', 'aria-label': label, title: label, click }, '✕');
  }

  private freeId(): string {
    const taken = new Set(this.form.predictions.map(({ id }) => id));
    let n = this.form.predictions.length + 1;
    while (taken.has(`p${n}`)) n++;
    return `p${n}`;
  }

  /** Reads every prediction back, and shows what is wrong where the person has been. */
  private judge(): Problem {
    const titlesOf = new Map(this.model.twins.map(({ id, title }) => [id, title]));
    for (const output of this.el.querySelectorAll<HTMLElement>('[data-reading]')) {
      const { size, between, ...rest } = this.form.predictions[Number(output.dataset.reading)];
      const named = between.filter(Boolean).length;
      const value = sizeOf(size);
      const needed = rest.measured ? 0 : (findMetric(rest.metric)?.twins ?? 1);
      const ready = named >= needed && Number.isFinite(value);
      output.textContent = ready
        ? `${plain(
            predictionInWords({ ...rest, between, size: value }, (twin) => titlesOf.get(twin) ?? twin),
            600,
          )}.`
        : 'not complete yet.';
    }
    const problems = checkDraft(this.form);
    for (const place of this.el.querySelectorAll<HTMLElement>('[data-problem]')) {
      const name = place.dataset.problem ?? '';
      const problem = this.tried || this.left.has(name) ? problems.get(name) : undefined;
      place.textContent = problem ?? '';
      const input = this.el.querySelector(`[data-focus="${CSS.escape(name)}"]`);
      if (problem) input?.setAttribute('aria-invalid', 'true');
      else input?.removeAttribute('aria-invalid');
    }
    const status = this.el.querySelector('.bar [role="status"]');
    if (status)
      status.textContent = this.tried && problems.size > 0 ? `${problems.size} to mend before it can be saved.` : '';
    return problems;
  }

  private save(freeze: boolean): void {
    if (this.model.saving || !this.model.trusted) return;
    this.tried = true;
    const [first] = this.judge().keys();
    if (first !== undefined) {
      this.el.querySelector<HTMLElement>(`[data-focus="${CSS.escape(first)}"]`)?.focus();
      return;
    }
    this.host.send('save', { form: this.form, freeze });
  }
}
