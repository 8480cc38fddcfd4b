import { plain } from '@bregma/core/contracts/plain-text';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { shownBy } from '../kit/component.tsx';
import { Frame } from '../kit/frame.tsx';
import type { View, ViewHost } from '../kit/view.ts';
import type { NotebookOutput } from './notebook-output.ts';

// biome-ignore lint/suspicious/noExplicitAny: each view has its own model, and parses it
export type Views = Record<string, () => Promise<View<any>>>;

interface OutputParts {
  output: NotebookOutput;
  /** Why it is no longer what the cell would give; none: it is fresh. */
  stale: string[];
  views: Views;
  host: ViewHost;
  /** Is told of each picture that is being drawn. */
  drawing(done: Promise<void>): void;
}

/** What stands below a cell of a notebook: what was said, how far it is, what went wrong, and the pictures. */
export const Output = ({ output: { pictures, said, progress, error }, stale, ...parts }: OutputParts) => (
  <>
    <p class="stale" role="status" hidden={stale.length === 0}>
      <strong>Stale</strong> {plain(stale.join(' '))}
    </p>
    {progress && <Progress {...progress} />}
    {error && <Failure {...error} />}
    {said.map((text, i) => (
      <p key={i} class="said">
        {plain(text)}
      </p>
    ))}
    {pictures.map((picture, i) => (
      <Picture key={i} picture={picture} {...parts} />
    ))}
  </>
);

function Progress({ done, total, message }: NonNullable<NotebookOutput['progress']>) {
  const text = total ? `${done} of ${total}` : `${done}`;
  return (
    <p class="progress" role="status">
      <progress max={total || undefined} value={total ? done : undefined} aria-label="Progress" />{' '}
      {plain([message, text].filter(Boolean).join(': '))}
    </p>
  );
}

const Failure = ({ message, next }: NonNullable<NotebookOutput['error']>) => (
  <div role="alert" class="failure">
    <p class="error">{plain(message)}</p>
    {next && <p class="next">{plain(next)}</p>}
  </div>
);

type PictureParts = Pick<OutputParts, 'views' | 'host' | 'drawing'> & { picture: NotebookOutput['pictures'][number] };

/** One picture, in a frame of its own. */
function Picture({ picture: { view, model }, views, host, drawing }: PictureParts) {
  const place = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    let frame: Frame<unknown> | undefined;
    let gone = false;
    const show = async () => {
      const loaded = Object.hasOwn(views, view) ? await views[view]() : asJson;
      if (gone || !place.current) return;
      frame = new Frame<unknown>(loaded, place.current, host);
      frame.show(model);
    };
    drawing(show());
    return () => {
      gone = true;
      frame?.dispose();
    };
  }, [view, model]);
  return <section ref={place} />;
}

/** For a view that this build does not have: nothing is hidden. */
const asJson: View = {
  name: 'unknown',
  parse: (value) => value,
  render: shownBy(({ model }) => <pre tabIndex={0}>{plain(JSON.stringify(model, null, 2), 20_000)}</pre>),
};
