import { plain } from '@bregma/core/contracts/plain-text';
import { useState } from 'preact/hooks';
import { duration } from '../kit/amounts.ts';
import { bytesInWords, plainly } from '../kit/format.ts';
import { Fact, IdLink, type Open, WithLinks } from '../kit/links.tsx';
import type { RecordLink, RecordModel } from './model.ts';

type Call = NonNullable<RecordModel['call']>;

/** What was asked, and how it was run. */
export const CallPart = ({ call, open }: { call: Call; open: Open }) => (
  <section>
    {call.error && (
      <div class="problem">
        <strong>✗ {plain(call.error.code, 40)}: </strong>
        {plain(call.error.message)}
        {call.error.next && (
          <p>
            <strong>Next: </strong>
            {plain(call.error.next)}
          </p>
        )}
      </div>
    )}
    <h2>Asked</h2>
    <Json text={call.arguments} label="Arguments" open={open} />
    <dl>
      <Fact name="tool">{`${plain(call.tool, 80)} of ${plain(call.server, 80)} (${plain(call.effect, 20)})`}</Fact>
      <Fact name="client">{plain(call.client, 200)}</Fact>
      <Fact name="duration">{`${duration(call.ms)}, from ${plain(call.start, 40)} to ${plain(call.end, 40)}`}</Fact>
      <Fact name="code">{plain(call.code, 80)}</Fact>
      {call.environment === null ? null : <Fact name="environment">{plain(call.environment, 80)}</Fact>}
      <Fact name="seed">{call.seed === null ? 'none' : String(call.seed)}</Fact>
      <Fact name="arguments sha256">
        <code>{plain(call.argumentsDigest, 64)}</code>
      </Fact>
      {call.replayOf && (
        <Fact name="repeats">
          <IdLink id={call.replayOf} open={open} />
        </Fact>
      )}
      {call.replays.length > 0 && (
        <Fact name="repeated by">
          <ul>
            {call.replays.map((id) => (
              <li key={id}>
                <IdLink id={id} open={open} />
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {call.run && <Fact name="run">{plain(call.run, 80)}</Fact>}
    </dl>
    <Links title="Data releases" items={call.releases} open={open} />
    <Links title="Inputs" items={call.inputs} open={open} />
    <Links title="Outputs" items={call.outputs} open={open} />
  </section>
);

/** What came out, with n, uncertainty and completeness before the value. */
export function AnswerPart({ answer, open }: Pick<Call, 'answer'> & { open: Open }) {
  if (!answer) return null;
  const { n, completeness, uncertainty, licence, cite, value, digest, problem } = answer;
  return (
    <section>
      <h2>Answer</h2>
      {problem && (
        <p role="alert" class="error">
          {plain(problem)}
        </p>
      )}
      <dl>
        <Fact name="n">{n ? `${n.count} ${plain(n.of, 200)}` : 'not given'}</Fact>
        <Fact name="uncertainty">{uncertainty ? interval(uncertainty) : 'not given'}</Fact>
        <Fact name="completeness">{completeness ? shownOf(completeness) : 'not given'}</Fact>
        {licence.length > 0 && <Fact name="licence">{plain(licence.join('; '), 1000)}</Fact>}
        {cite.length > 0 && (
          <Fact name="cite">
            <ul>
              {cite.map((text) => (
                <li>{plain(text, 500)}</li>
              ))}
            </ul>
          </Fact>
        )}
        {digest && (
          <Fact name="sha256">
            <code>{plain(digest, 64)}</code>
          </Fact>
        )}
      </dl>
      {value && <Json text={value} label="Value" open={open} />}
    </section>
  );
}

/** What a record that is no call names. */
export const NamesPart = ({ names, open }: Pick<RecordModel, 'names'> & { open: Open }) =>
  names.length > 0 ? (
    <section>
      <Links title="Names" items={names} open={open} heading="h2" />
    </section>
  ) : null;

type Completeness = NonNullable<NonNullable<Call['answer']>['completeness']>;

function shownOf({ returned, available, of }: Completeness): string {
  const partial = available !== null && returned < available ? ' (partial)' : '';
  return `${returned} of ${available ?? 'an unknown number of'} ${plain(of, 200)}${partial}`;
}

function interval(uncertainty: Record<string, unknown>): string {
  const { low, high, level, method, of } = uncertainty;
  const number = (value: unknown) => plainly(typeof value === 'number' ? value : null, 6);
  const range = 'low' in uncertainty ? `[${number(low)}, ${number(high)}]` : '';
  const share = typeof level === 'number' ? `${plainly(level * 100, 6)} %` : '';
  return plain([share, range, of ? `of ${of}` : '', method ? `(${method})` : ''].filter(Boolean).join(' '), 600);
}

/** Links that are shown before a person asks for the others. */
const first = 12;

interface LinksParts {
  title: string;
  items: RecordLink[];
  open: Open;
  heading?: 'h2' | 'h3';
}

function Links({ title, items, open, heading: Heading = 'h3' }: LinksParts) {
  const [all, show] = useState(false);
  if (items.length === 0) return null;
  const shown = all ? items : items.slice(0, first);
  return (
    <div>
      <Heading>{title}</Heading>
      <ul class="links">
        {shown.map((item) => (
          <LinkRow key={item.id} {...item} open={open} />
        ))}
        {shown.length < items.length && (
          <li key="more">
            <button type="button" class="quiet" onClick={() => show(true)}>
              {items.length - shown.length} more
            </button>
          </li>
        )}
      </ul>
    </div>
  );
}

const LinkRow = ({ id, kind, label, bytes: size, open }: RecordLink & { open: Open }) => (
  <li>
    <span class="tag">{plain(kind, 20)}</span> <IdLink id={id} open={open} />
    {label && ` ${plain(label, 200)}`}
    {typeof size === 'number' && <span class="dim"> {bytesInWords(size)}</span>}
    {size === null && kind !== 'file' && <span class="error"> not in this workspace</span>}
  </li>
);

/** Characters of JSON that are shown at once; longer texts are folded. */
const unfolded = 2000;

function Json({ text, label, open }: { text: string; label: string; open: Open }) {
  const pre = (
    <pre tabIndex={0} aria-label={label}>
      <WithLinks text={text} open={open} />
    </pre>
  );
  if (text.length <= unfolded) return pre;
  return (
    <details>
      <summary>
        {label}: {text.length} characters of JSON
      </summary>
      {pre}
    </details>
  );
}
