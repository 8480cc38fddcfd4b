// Everyday questions on real tables (neurons of a larva; cortical thickness in two disorders, paired by region), answered through the
// real servers and by Python as an agent would write it, a script a question. Prints calls, tokens and seconds of each, with ratios;
// every number must be the same. Tokens: characters / 4 of what a model writes (arguments, scripts) and reads (texts of answers,
// output); pictures are left out on both sides. BREGMA_BENCH_PYTHON: an interpreter with pandas, scipy and matplotlib.
import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openWorkspace } from '@bregma/core/workspace';
import { connect, root, temporaryWorkspace } from '../fixtures/client.ts';

process.env.BREGMA_TEST_DIST ??= '1';
const python = process.env.BREGMA_BENCH_PYTHON ?? '';
if (!python) {
  console.log('Left out: name an interpreter with pandas, scipy and matplotlib as BREGMA_BENCH_PYTHON.');
  process.exit(0);
}

const thickness = 'human-enigma/summary_statistics';
const files = {
  'larva.csv': path.join(root, 'datasets/drosophila-larva-winding2023/meta_data.csv'),
  'mdd.csv': path.join(root, `../shared/data/${thickness}/mddadult_case-controls_CortThick.csv`),
  'ocd.csv': path.join(root, `../shared/data/${thickness}/ocdadults_case-controls_CortThick.csv`),
};

// biome-ignore lint/suspicious/noExplicitAny: answers of several tools
type Value = any;

interface Asked {
  question: string;
  tool: 'query_data' | 'analyse_data' | 'draw_chart';
  args: Record<string, unknown>;
  /** After `df` was read; prints JSON of the numbers, or draws. */
  script: string;
  file?: 'larva' | 'both';
  /** The numbers of the answer; a figure has none. */
  numbers?: (value: Value) => number[];
}

const kinds = `class1 IN ('KC', 'LHN', 'sens')`;
const both = `SELECT m.Structure, m.d_icv AS mdd, o.d_icv AS ocd FROM mdd.mdd m JOIN ocd.ocd o USING (Structure)`;
const long = `SELECT Structure, 'mdd' AS disorder, d_icv AS d FROM mdd.mdd UNION ALL SELECT Structure, 'ocd', d_icv FROM ocd.ocd`;
const first =
  (...names: string[]) =>
  (value: Value) =>
    names.map((name) => value.answers[0][name] ?? value.answers[0].details[name]);

const asked: Asked[] = [
  {
    question: 'How many neurons are on each side?',
    tool: 'query_data',
    args: { sql: 'SELECT hemisphere, count(*) AS n FROM larva.larva GROUP BY ALL ORDER BY n DESC' },
    script: 'print(df.hemisphere.value_counts().tolist())',
    numbers: ({ rows }) => rows.map((row: number[]) => row[1]),
  },
  {
    question: 'Which classes are largest?',
    tool: 'query_data',
    args: { sql: 'SELECT class1, count(*) AS n FROM larva.larva GROUP BY ALL ORDER BY n DESC LIMIT 3' },
    script: 'print(df["class1"].fillna("").value_counts().head(3).tolist())',
    numbers: ({ rows }) => rows.map((row: number[]) => row[1]),
  },
  {
    question: 'Do left and right neurons have as many inputs on the axon?',
    tool: 'analyse_data',
    args: {
      data: 'larva.larva',
      question: {
        metric: 'mean_difference',
        columns: { value: 'axon_input', group: 'hemisphere' },
        groups: ['L', 'R'],
      },
    },
    script: `a,b=(df[df.hemisphere==s].axon_input.dropna() for s in "LR")
t=stats.ttest_ind(a,b,equal_var=False); c=t.confidence_interval()
print(json.dumps([a.mean()-b.mean(),c.low,c.high,t.statistic,t.pvalue]))
print(len(a),len(b),a.std(),b.std(),a.skew(),b.skew())`,
    numbers: first('estimate', 'low', 'high', 't', 'pClassical'),
  },
  {
    question: 'Do inputs on axon and dendrite go together?',
    tool: 'analyse_data',
    args: { data: 'larva.larva', question: { metric: 'spearman', columns: { x: 'axon_input', y: 'dendrite_input' } } },
    script: `d=df[["axon_input","dendrite_input"]].dropna(); r=stats.spearmanr(d.axon_input,d.dendrite_input)
import numpy as np
z=np.arctanh(r.statistic); h=stats.norm.ppf(.975)*np.sqrt((1+r.statistic**2/2)/(len(d)-3))
print(json.dumps([r.statistic,np.tanh(z-h),np.tanh(z+h),r.pvalue])); print(len(d))`,
    numbers: first('estimate', 'low', 'high', 'pClassical'),
  },
  {
    question: 'Do classes differ in inputs on the axon?',
    tool: 'analyse_data',
    args: {
      sql: `SELECT class1, axon_input FROM larva.larva WHERE ${kinds}`,
      question: { metric: 'one_way', columns: { value: 'axon_input', group: 'class1' } },
    },
    script: `g=[d.axon_input.dropna() for k,d in df[df["class1"].isin(["KC","LHN","sens"])].groupby("class1")]
f=stats.f_oneway(*g); print(json.dumps([f.statistic,f.pvalue])); print([len(x) for x in g])`,
    numbers: first('F', 'pClassical'),
  },
  {
    question: 'Is the cortex thinner in depression than in compulsion, region by region?',
    tool: 'analyse_data',
    args: {
      sql: long,
      question: {
        metric: 'mean_difference',
        columns: { value: 'd', group: 'disorder' },
        subject: 'Structure',
        paired: true,
      },
    },
    file: 'both',
    script: `t=stats.ttest_rel(df.d_icv_m,df.d_icv_o); c=t.confidence_interval()
print(json.dumps([(df.d_icv_m-df.d_icv_o).mean(),c.low,c.high,t.statistic,t.pvalue])); print(len(df))`,
    numbers: first('estimate', 'low', 'high', 't', 'pClassical'),
  },
  {
    question: 'Are the same regions thinner in both?',
    tool: 'analyse_data',
    args: { sql: both, question: { metric: 'pearson', columns: { x: 'mdd', y: 'ocd' } } },
    file: 'both',
    script: `r=stats.pearsonr(df.d_icv_m,df.d_icv_o); c=r.confidence_interval()
print(json.dumps([r.statistic,c.low,c.high,r.pvalue])); print(len(df))`,
    numbers: first('estimate', 'low', 'high', 'pClassical'),
  },
];

const figure = (
  question: string,
  args: Record<string, unknown>,
  script: string,
  file: Asked['file'] = 'larva',
): Asked => ({
  question,
  tool: 'draw_chart',
  args,
  file,
  script: `${script}
plt.figtext(0,0,f"n = {len(df)}, source: ${file}.csv"); plt.tight_layout(); plt.savefig("figure.png",dpi=150); plt.savefig("figure.svg")`,
});

const figures: Asked[] = [
  figure(
    'Bars of the classes',
    {
      sql: 'SELECT class1, count(*) AS n FROM larva.larva GROUP BY ALL ORDER BY n DESC LIMIT 8',
      chart: { marks: ['bar'], x: 'class1', y: 'n' },
    },
    'df["class1"].value_counts().head(8).plot.bar(); plt.ylabel("n")',
  ),
  figure(
    'Distribution of inputs',
    { data: 'larva.larva', chart: { marks: ['histogram'], x: 'axon_input' } },
    'plt.hist(df.axon_input.dropna(),bins=40); plt.xlabel("axon_input"); plt.ylabel("count")',
  ),
  figure(
    'Inputs by side, as boxes',
    { data: 'larva.larva', chart: { marks: ['box'], x: 'hemisphere', y: 'axon_input' } },
    'df.boxplot(column="axon_input",by="hemisphere"); plt.suptitle(""); plt.ylabel("axon_input")',
  ),
  figure(
    'Inputs by class, as violins with mean and sd',
    {
      sql: `SELECT class1, axon_input FROM larva.larva WHERE ${kinds}`,
      chart: { marks: ['violin', 'mean'], x: 'class1', y: 'axon_input' },
    },
    `k=["KC","LHN","sens"]; g=[df[df["class1"]==c].axon_input.dropna() for c in k]
plt.violinplot(g); plt.errorbar([1,2,3],[x.mean() for x in g],[x.std() for x in g],fmt="o"); plt.xticks([1,2,3],k); plt.ylabel("axon_input")`,
  ),
  figure(
    'Axon and dendrite, with a fit',
    { data: 'larva.larva', chart: { marks: ['dot', 'fit'], x: 'axon_input', y: 'dendrite_input' } },
    `import numpy as np
d=df[["axon_input","dendrite_input"]].dropna(); x,y=d.axon_input,d.dendrite_input; r=stats.linregress(x,y); g=np.linspace(x.min(),x.max(),100)
s=np.sqrt(((y-r.intercept-r.slope*x)**2).sum()/(len(x)-2)); h=stats.t.ppf(.975,len(x)-2)*s*np.sqrt(1/len(x)+(g-x.mean())**2/((x-x.mean())**2).sum())
plt.scatter(x,y,s=4); plt.plot(g,r.intercept+r.slope*g); plt.fill_between(g,r.intercept+r.slope*g-h,r.intercept+r.slope*g+h,alpha=.3); plt.xlabel("axon_input"); plt.ylabel("dendrite_input")`,
  ),
  figure(
    'Neurons of each class by side',
    {
      sql: 'SELECT class1, hemisphere, count(*) AS n FROM larva.larva GROUP BY ALL',
      chart: { marks: ['cell'], x: 'hemisphere', y: 'class1', colour: 'n' },
    },
    `t=df.assign(n=1).pivot_table(index="class1",columns="hemisphere",values="n",aggfunc="sum"); plt.imshow(t,aspect="auto"); plt.colorbar(label="n")
plt.xticks(range(len(t.columns)),t.columns); plt.yticks(range(len(t)),t.index)`,
  ),
  figure(
    'Two disorders against each other',
    { sql: both, chart: { marks: ['dot', 'fit'], x: 'mdd', y: 'ocd' } },
    `r=stats.linregress(df.d_icv_m,df.d_icv_o); plt.scatter(df.d_icv_m,df.d_icv_o); plt.axline((0,r.intercept),slope=r.slope); plt.xlabel("mdd"); plt.ylabel("ocd")`,
    'both',
  ),
  figure(
    'The two, with points',
    { sql: long, chart: { marks: ['points', 'mean'], x: 'disorder', y: 'd' } },
    `import numpy as np
for i,c in enumerate(["d_icv_m","d_icv_o"]): plt.scatter(i+np.random.default_rng(1).uniform(-.1,.1,len(df)),df[c],s=6); plt.errorbar([i],[df[c].mean()],[df[c].std()],fmt="o")
plt.xticks([0,1],["mdd","ocd"]); plt.ylabel("d")`,
    'both',
  ),
];

const reading = {
  larva: 'df=pd.read_csv("larva.csv",low_memory=False)',
  both: 'df=pd.read_csv("mdd.csv").merge(pd.read_csv("ocd.csv"),on="Structure",suffixes=("_m","_o"))',
};
const headed = ({ tool, script, file = 'larva' }: Asked) =>
  `import json, pandas as pd
from scipy import stats
${tool === 'draw_chart' ? 'import matplotlib; matplotlib.use("Agg"); import matplotlib.pyplot as plt\n' : ''}${reading[file]}
${script}
`;

const tokens = (text: string) => text.length / 4;
const cost = { ours: { calls: 0, tokens: 0, seconds: 0 }, python: { calls: 0, tokens: 0, seconds: 0 } };
const spent = (who: keyof typeof cost, wrote: string, read: string, began: number) => {
  cost[who].calls++;
  cost[who].tokens += tokens(wrote) + tokens(read);
  cost[who].seconds += (performance.now() - began) / 1000;
  return Math.round(tokens(wrote) + tokens(read));
};

const space = temporaryWorkspace();
for (const [name, from] of Object.entries(files)) copyFileSync(from, path.join(space.folder, name));

function runPython(script: string): { out: string; used: number } {
  const began = performance.now();
  writeFileSync(path.join(space.folder, 'script.py'), script);
  const out = execFileSync(python, ['script.py'], {
    cwd: space.folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return { out, used: spent('python', script, out, began) };
}

const starting = performance.now();
const atlas = await connect('atlas', space.folder);
cost.ours.seconds += (performance.now() - starting) / 1000;

async function callOurs(tool: string, args: Record<string, unknown>) {
  const began = performance.now();
  const result = await atlas.client.callTool({ name: tool, arguments: args }, { timeout: 290_000 });
  // SAFETY: what a tool answers.
  const texts = (result.content as { type: string; text?: string }[]).map(({ text }) => text ?? '').join('');
  if (result.isError) throw new Error(texts);
  // SAFETY: as above.
  const { activity } = result.structuredContent as { activity: string };
  return { activity, used: spent('ours', JSON.stringify(args), texts, began) };
}

await callOurs('add_data', { source: Object.keys(files), options: { kind: 'measured' } });
runPython(`import pandas as pd
for f in ["larva","mdd","ocd"]:
  d=pd.read_csv(f+".csv",low_memory=False); print(f,d.shape); print(d.dtypes.to_string()); print(d.head(3).to_string())
`);
console.log(
  `looking at the files: ${Math.round(cost.ours.tokens)} tokens in ${cost.ours.calls} calls, Python ${Math.round(cost.python.tokens)} in ${cost.python.calls}`,
);

/** The value of an answer with every digit, as it is on record. */
function onRecord(activity: string): Value {
  const { ledger, objects, close } = openWorkspace(space.folder);
  const record = ledger.find('activity', activity);
  if (record?.kind !== 'activity') throw new Error(`There is no record of ${activity}.`);
  const { answer, answerObject } = record.body;
  const whole = answer ?? JSON.parse(objects.get(answerObject ?? '').toString('utf8'));
  close();
  return whole.value;
}

// What a script holds beyond its question: imports and reading the file.
let around = 0;
const looked = { ours: cost.ours.tokens, python: cost.python.tokens };
let wrong = 0;
for (const one of [...asked, ...figures]) {
  const ours = await callOurs(one.tool, one.args);
  const theirs = runPython(headed(one));
  around += tokens(headed(one)) - tokens(one.script);
  if (one.numbers) {
    const [mine, wanted] = [one.numbers(onRecord(ours.activity)), JSON.parse(theirs.out.split('\n')[0]) as number[]];
    const equal =
      mine.length === wanted.length &&
      mine.every((value, i) => Math.abs(value - wanted[i]) <= 1e-9 * Math.max(1, Math.abs(wanted[i])));
    if (!equal) {
      wrong++;
      console.log(`NOT EQUAL ${one.question}: ${mine.join(' ')} and ${wanted.join(' ')}`);
    }
  }
  console.log(`${one.question.padEnd(74)} ${String(ours.used).padStart(5)} tokens, Python ${theirs.used}`);
}
await atlas.close();
space.remove();
const { ours, python: theirs } = cost;
const ratio = (name: 'calls' | 'tokens' | 'seconds') =>
  console.log(
    `${name.padEnd(8)} ${ours[name].toFixed(name === 'seconds' ? 1 : 0)}, Python ${theirs[name].toFixed(name === 'seconds' ? 1 : 0)}: ${(ours[name] / theirs[name]).toFixed(2)} ×`,
  );
for (const name of ['calls', 'tokens', 'seconds'] as const) ratio(name);
const [mine, wanted] = [ours.tokens - looked.ours, theirs.tokens - looked.python];
console.log(`questions alone: ${mine.toFixed(0)} tokens, Python ${wanted.toFixed(0)}: ${(mine / wanted).toFixed(2)} ×`);
const terse = wanted - around;
console.log(`without imports and reading: Python ${terse.toFixed(0)}: ${(mine / terse).toFixed(2)} ×`);
if (wrong > 0) process.exitCode = 1;
