// What an agent pays for in the answers of a whole loop: shares of their characters that are digits beyond the sixth of a number,
// digests and ids, and citations. A fixed set of calls on data made from a seed.

import { startLoop } from '../fixtures/loop.ts';
import { addRecording, cornerNeurons, noiseImages } from '../fixtures/recording.ts';

const [side, count, neurons] = [8, 80, 8];
const answers: { tool: string; text: string }[] = [];
const loop = await startLoop();

// biome-ignore lint/suspicious/noExplicitAny: values of every tool
async function call(server: 'atlas' | 'twin' | 'lab', tool: string, args: Record<string, unknown>): Promise<any> {
  const result = await loop[server].client.callTool({ name: tool, arguments: args }, { timeout: 300_000 });
  const text = result.content.map((part) => ('text' in part ? part.text : '')).join('');
  if (result.isError) throw new Error(`${tool}: ${text}`);
  answers.push({ tool, text });
  // SAFETY: every answer has a value.
  return (result.structuredContent as { value: unknown }).value;
}

const images = noiseImages(count, 'tokens', side);
const responses = cornerNeurons(images, count, 'tokens', neurons, 2);
await addRecording(loop.atlas, loop.folder, 'rec', { images, side, responses, shape: [neurons, count] });
await call('atlas', 'find_data', { query: 'connectome' });
await call('atlas', 'add_data', { source: 'celegans-cook2019' });
await call('atlas', 'describe_data', { data: 'celegans-cook2019' });
const edges = 'celegans_cook2019.edges';
await call('atlas', 'query_data', { sql: `SELECT kind, count(*), avg(weight) FROM ${edges} GROUP BY 1` });
await call('atlas', 'query_data', { sql: `SELECT * FROM ${edges} LIMIT 20` });
await call('atlas', 'trace_connections', { data: 'celegans-cook2019', from: 'ASEL', to: 'AVAL', path: 'strongest' });
await call('atlas', 'trace_connections', { data: 'celegans-cook2019', from: 'AVAL' });
const question = { metric: 'mean_difference', columns: { value: 'weight', group: 'kind' } };
await call('atlas', 'analyse_data', { data: edges, question });
await call('atlas', 'describe_data', { data: 'rec' });
const build = async (kind: string) =>
  (await call('twin', 'build_twin', { kind, data: 'rec', part: 'first-half' })).twin;
const twins = [await build('encoding-pixel'), await build('encoding-ridge')];
const { predictions } = await call('twin', 'run_twin', { twin: twins[0] });
const { stimuli } = await call('twin', 'design_experiment', { twins });
const { hypothesis } = await call('lab', 'record_hypothesis', {
  claim: 'The first twin predicts these neurons.',
  rivals: ['It predicts nothing.'],
  predictions: [{ metric: 'r', direction: 'greater', size: 0, between: [twins[0]] }],
});
await call('lab', 'freeze_hypothesis', { hypothesis });
const { plan } = await call('lab', 'plan_experiment', { hypothesis, subject: 'rec', stimuli: stimuli.object });
loop.approve(plan);
const { experiment } = await call('lab', 'run_experiment', { plan });
const given = [{ twin: twins[0], predictions: predictions.object }];
await call('lab', 'test_hypothesis', { hypothesis, experiment, twins: given });
await call('twin', 'validate_twin', { twin: twins[0], data: 'rec', protocol: 'heldout' });
await call('lab', 'find_records', {});
await call('lab', 'trace_claim', { id: hypothesis });
await call('twin', 'value_decision', { validity: 0.5, rival: 0.4 });
await loop.close();

const length = (found: RegExpMatchArray | null) => (found ?? []).reduce((sum, { length: one }) => sum + one, 0);
const total = { characters: 0, digits: 0, digests: 0, citations: 0 };
for (const { tool, text } of answers) {
  // The part of a number after six significant digits.
  const digits = [...text.matchAll(/(?<![\w.])-?(?:0\.0*)?(?:\d\.?){6}(\d+)(?![\w])/g)]
    .filter(([whole]) => whole.includes('.'))
    .reduce((sum, [, rest]) => sum + rest.length, 0);
  const digests = length(text.match(/(?<![\d.])\b[0-9a-f]{12,64}\b/g));
  const { cite = [] } = JSON.parse(text) as { cite?: string[] };
  const citations = cite.reduce((sum, one) => sum + one.length + 3, 0);
  for (const [name, value] of Object.entries({ characters: text.length, digits, digests, citations }))
    total[name as keyof typeof total] += value;
  console.log(`${tool.padEnd(18)} ${String(text.length).padStart(6)}  ${digits} ${digests} ${citations}`);
}
const percent = (part: number) => `${((100 * part) / total.characters).toFixed(1)} %`;
console.log(
  `${total.characters} characters in ${answers.length} answers: digits beyond the sixth ${percent(total.digits)}, digests and ids ${percent(total.digests)}, citations ${percent(total.citations)}`,
);
