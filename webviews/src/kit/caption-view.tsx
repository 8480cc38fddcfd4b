import { plain } from '@bregma/core/contracts/plain-text';
import { shown } from '@bregma/core/numbers';
import type { Caption } from './caption.ts';
import { counted } from './format.ts';
import { KindMark } from './kind.tsx';
import { Fact } from './links.tsx';
import type { ViewHost } from './view.ts';

/** The line above a picture: its title, how the values came to be, and on how many things they rest. */
export const Headline = ({ title, kind, n }: Caption) => (
  <div class="headline">
    <h1>{plain(title, 300)}</h1>
    <KindMark kind={kind} />
    {n && (
      <span class="count">
        <i>n</i> = {plain(counted(n.count, n.of), 100)}
      </span>
    )}
  </div>
);

/** What stands under a picture: note, interval, completeness, sources, and the way to the activity. */
export function Sources({ caption, host }: { caption: Caption; host: ViewHost }) {
  const { note, activity, release, cite, licence } = caption;
  const facts: [string, string | undefined][] = [
    ['Interval', interval(caption)],
    ['Shown', completeness(caption)],
    ['Data', release?.join(' · ')],
    ['Source', cite?.join(' · ')],
    ['Licence', licence?.join(' · ')],
  ];
  return (
    <footer class="caption">
      {note && <p>{plain(note)}</p>}
      <dl>
        {facts.map(([name, text]) => text && <Fact name={name}>{plain(text, 600)}</Fact>)}
        {activity && (
          <Fact name="Activity">
            <button
              type="button"
              class="link"
              title="Open the activity"
              onClick={() => host.send('open-activity', { activity })}
            >
              {plain(activity, 60)}
            </button>
          </Fact>
        )}
      </dl>
    </footer>
  );
}

function interval({ uncertainty }: Caption): string | undefined {
  if (!uncertainty) return undefined;
  const { method, level, low, high, of } = uncertainty;
  const range = low !== undefined && high !== undefined ? `${shown(low)} to ${shown(high)}` : undefined;
  return [range, level !== undefined && `${shown(level * 100)} %`, of && `of ${of}`, method].filter(Boolean).join(', ');
}

function completeness({ completeness: known }: Caption): string | undefined {
  if (!known) return undefined;
  const { returned, available, of } = known;
  if (available === returned) return `all ${shown(returned)} ${of}`;
  return `${shown(returned)} of ${available === null ? 'an unknown number of' : shown(available)} ${of}`;
}
