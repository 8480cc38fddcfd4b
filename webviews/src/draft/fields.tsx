import type { JSX } from 'preact';

/** What the fields of a form are told, and tell. */
export interface Watch {
  /** What is wrong with a field, where it is time to say so. */
  problem(name: string): string | undefined;
  /** The person has been in a field and left it. */
  leave(name: string): void;
}

interface FieldParts {
  /** As in `checkDraft`: `claim`, `rivals.0`… */
  name: string;
  label: string;
  hint?: string;
  value: string;
  watch: Watch;
  change(value: string): void;
}

/** What an input carries so that label, hint and problem belong to it. */
type Carried = Pick<JSX.AllHTMLAttributes, 'id' | 'aria-describedby' | 'aria-invalid'> & {
  'data-focus': string;
  onBlur(): void;
};

/** An input with its label, hint and the place where its problem is said. */
function Field({
  name,
  label,
  hint,
  watch,
  input,
}: Omit<FieldParts, 'value' | 'change'> & { input(carried: Carried): JSX.Element }) {
  const id = `field-${name}`;
  const problem = watch.problem(name);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <span class="quiet hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {input({
        id,
        'data-focus': name,
        'aria-describedby': `${id}-problem${hint ? ` ${id}-hint` : ''}`,
        'aria-invalid': problem ? 'true' : undefined,
        onBlur: () => watch.leave(name),
      })}
      <span class="problem" id={`${id}-problem`} data-problem={name}>
        {problem}
      </span>
    </div>
  );
}

/** A text of one line, or of several. */
export const TextField = ({ rows, value, change, ...field }: FieldParts & { rows?: number }) => (
  <Field
    {...field}
    input={(carried) =>
      rows ? (
        <textarea {...carried} rows={rows} value={value} onInput={({ currentTarget }) => change(currentTarget.value)} />
      ) : (
        <input {...carried} type="text" value={value} onInput={({ currentTarget }) => change(currentTarget.value)} />
      )
    }
  />
);

/** One of several. */
export const ChoiceField = ({
  options,
  value,
  change,
  ...field
}: FieldParts & { options: [value: string, words: string][] }) => (
  <Field
    {...field}
    input={(carried) => (
      <select {...carried} value={value} onInput={({ currentTarget }) => change(currentTarget.value)}>
        {options.map(([option, words]) => (
          <option key={option} value={option} selected={option === value}>
            {words}
          </option>
        ))}
      </select>
    )}
  />
);

/** Takes one of a list away. */
export const Remove = ({ label, remove }: { label: string; remove(): void }) => (
  <button type="button" class="second remove" aria-label={label} title={label} onClick={remove}>
    ✕
  </button>
);
