// The process in which a statistic of a user's own SQL runs. It holds no secret and reads no file: its rows come by message,
// and DuckDB is locked before it sees the statement. It can be killed at any moment.
import { BregmaError } from '@bregma/core/errors';
import type { StatisticReply, StatisticRequest } from './sql-statistic.ts';
import { type OpenedStatistic, openStatistic } from './statistic-database.ts';

/** A process that holds more is ended: some functions of DuckDB allocate outside its own limit. */
const processLimitMiB = 3072;

let opened: OpenedStatistic | undefined;

async function answer(request: StatisticRequest): Promise<StatisticReply> {
  try {
    if ('open' in request) {
      opened?.close();
      opened = await openStatistic(request.open);
      return { opened: true };
    }
    if (!opened) throw new BregmaError('failed', 'No statistic is open.');
    return { values: await opened.values(request.arrangements) };
  } catch (error) {
    return { failed: complaint(error) };
  }
}

function complaint(error: unknown): Extract<StatisticReply, { failed: unknown }>['failed'] {
  if (error instanceof BregmaError) return { code: error.code, message: error.message, next: error.next };
  const message = (error instanceof Error ? error.message : String(error)).split(/\n\n?LINE \d/)[0].slice(0, 1000);
  if (/Out of Memory|failed to (allocate|pin)|bad_alloc/i.test(message))
    return { code: 'too-large', message: 'The statistic needs too much memory.', next: 'Aggregate earlier.' };
  if (/disabled by configuration|configuration has been locked|Permission Error|read-only/i.test(message))
    return { code: 'not-allowed', message, next: 'A statistic reads table rows and nothing else.' };
  return {
    code: 'bad-input',
    message: `The statistic cannot be computed: ${message}`,
    next: 'It is one SELECT over table rows, which has the columns that the question names.',
  };
}

process.on('message', async (request: StatisticRequest) => process.send?.(await answer(request)));

const die = () => process.kill(process.pid, 'SIGKILL');
process.on('disconnect', die);
setInterval(() => process.memoryUsage.rss() < processLimitMiB * 2 ** 20 || die(), 25);
