import { inPowers, measured, withDecimals } from '@bregma/core/numbers';
import type { Report, TwinReport } from './report-data.ts';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const safe = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character]);
const activity = (id: string) => `<code class="activity" title="bregma trace ${safe(id)}">${safe(id)}</code>`;

const style = `
:root { color-scheme: light dark; --page: #ffffff; --text: #1c2024; --quiet: #6b7280; --line: #d9dce1; --card: #f6f7f9; --first: #0b62b8; --second: #b4530a; --good: #18723c; --warn: #8a4b00; }
@media (prefers-color-scheme: dark) { :root { --page: #14171a; --text: #e6e8ea; --quiet: #9aa3ad; --line: #343a40; --card: #1d2125; --first: #6db3f8; --second: #f2a65a; --good: #63c98a; --warn: #f0b060; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 880px; padding: 2rem 1.2rem 4rem; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .4rem; } h2 { font-size: 1.15rem; margin: 2.4rem 0 .6rem; }
.quiet { color: var(--quiet); } .activity { color: var(--quiet); font-size: .78rem; white-space: nowrap; }
.verdict { border: 1px solid var(--line); border-left: 6px solid var(--good); background: var(--card); padding: 1rem 1.2rem; border-radius: 6px; margin: 1.4rem 0; }
.verdict.refuted, .verdict.inconclusive { border-left-color: var(--warn); } .verdict strong { font-size: 1.2rem; }
.notice { border: 1px solid var(--warn); border-radius: 6px; padding: .6rem 1rem; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; } caption { text-align: left; color: var(--quiet); padding-bottom: .3rem; }
th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
figure { margin: 1rem 0; overflow-x: auto; } figcaption { color: var(--quiet); font-size: .9rem; margin-top: .3rem; }
.images { display: grid; grid-template-columns: repeat(auto-fill, minmax(105px, 1fr)); gap: .7rem; padding: 0; margin: 0; list-style: none; } .images img { width: 100%; image-rendering: auto; border-radius: 4px; display: block; } .images span { font-size: .78rem; color: var(--quiet); }
.key::before { display: inline-block; width: 1.2em; font-weight: 700; } .key.first::before { content: '○'; color: var(--first); } .key.second::before { content: '△'; color: var(--second); }
.kind { border: 1px solid var(--line); border-radius: 4px; font-size: .75rem; padding: 0 .35em; }
code { font-family: ui-monospace, monospace; } a { color: var(--first); } svg { max-width: 100%; height: auto; }`;

/** The whole report as one HTML file: no script, no outside reference; light and dark follow the reader's setting. */
export function reportHtml(
  report: Report,
  figures: { validity: string; scatter: string; scatterUnit: string; evidence: string },
): string {
  const { data, twins, test, experiment, benefit, decision, hypothesis, design } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(report.title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${safe(report.question)}</h1>
<p class="quiet">${data.neurons} neurons of macaque V4, ${data.stimuli} images, up to ${data.repeats} repeats; ${safe(report.made.slice(0, 10))}; Bregma ${safe(report.code)}</p>
</header>
<main>
<section class="verdict ${safe(test.verdict)}" aria-label="Verdict">
<strong>${safe(test.verdict[0].toUpperCase() + test.verdict.slice(1))}:</strong> ${safe(report.claim)}
<p>The difference in Pearson r, first twin less second: <b>${measured(test.effect)}</b>
(${confidence(test.ci)}; n = ${test.n} ${safe(test.of)}, ${test.nTrials} single trials). ${safe(test.evidenceName)} ${test.evidence < 1e4 ? measured(test.evidence, 2) : inPowers(test.evidence, 2)},
against a level of ${measured(test.level, 5)} that the error budget gave. ${activity(test.activity)}</p>
<ul>${test.reasons.map((reason) => `<li>${safe(reason)}</li>`).join('')}</ul>
</section>
${report.demoKey ? '<p class="notice" role="note"><b>Demonstration key.</b> This experiment was approved with <code>--yes</code>, not by a person. On a real subject that is refused.</p>' : ''}

<h2>Predictive validity of the two rival twins</h2>
<table>
<caption>Correlation with the real neurons on the half of the images that no twin was fitted on. <span class="kind">predicted</span> against <span class="kind">measured</span></caption>
<thead><tr><th scope="col">Twin</th><th scope="col">Pearson r</th><th scope="col">95 % CI</th><th scope="col">Spearman ρ</th><th scope="col">Ceiling</th><th scope="col">Shuffled control</th><th scope="col">n</th></tr></thead>
<tbody>${twins.map(twinRow).join('')}</tbody>
</table>
<figure>${figures.validity}<figcaption><span class="key first">${safe(twins[0].label)}</span> &nbsp; <span class="key second">${safe(twins[1].label)}</span> &nbsp; ╌╌ noise ceiling: the correlation that a perfect model would reach, from the repeats. ${activity(twins[0].validity.activity)} ${activity(twins[1].validity.activity)}</figcaption></figure>
<figure>${figures.scatter}<figcaption>${safe(figures.scatterUnit)}: what each twin predicted and what the neuron did. One mark an image.</figcaption></figure>

<h2>The images that tell the twins apart</h2>
<p>Chosen from ${design.candidates} images by expected information gain about which twin is right, given the neurons' trial noise. ${activity(design.activity)}</p>
<ul class="images">${design.examples.map(({ image, stimulus, gainNats }) => `<li><img src="${image}" alt="Image ${stimulus + 1} of the recording" width="112" height="112"><span>image ${stimulus + 1}<br>${measured(gainNats)} nats</span></li>`).join('')}</ul>

<h2>What the design bought</h2>
<p>To decide for one neuron (e-value ≥ ${benefit.threshold}), random order needed <b>${measured(benefit.ratio.median, 1)}×</b> as many single trials as the discriminating order
(median over neurons; 10th to 90th percentile ${measured(benefit.ratio.p10, 1)}× to ${measured(benefit.ratio.p90, 1)}×; ${benefit.orders} random orders).
With one order for all neurons at once it is ${measured(benefit.sharedRatio, 1)}×.
Decided within the recording: ${benefit.decided.designed} of ${benefit.decided.of} neurons in the discriminating order, ${measured(benefit.decided.random, 1)} on average in random order. ${activity(benefit.activity)}</p>
<figure>${figures.evidence}<figcaption>Each neuron is decided by itself: neurons recorded together share noise and are not independent evidence. The verdict above rests on stimuli, each with the mean over all neurons. Shaded: middle 80 % of random orders.</figcaption></figure>

<h2>What this validity is worth</h2>
<p>With validity r = ${measured(decision.validity, 2)}, if ${percent(decision.prior)} of candidates are truly good and the best ${percent(decision.chosen)} by the twin are taken, <b>${percent(decision.ppv)}</b> of those taken are good;
with the rival twin ${percent(decision.ppvOfRival)}, by chance ${percent(decision.prior)}.${decision.candidatesFactor === null ? '' : ` Losing 0.1 of validity would have to be made up with ${measured(decision.candidatesFactor, 1)}× as many candidates.`} ${activity(decision.activity)}</p>

<h2>How it was done</h2>
<table><tbody>
<tr><th scope="row">Claim</th><td>${safe(report.claim)}</td></tr>
<tr><th scope="row">Rivals</th><td>${report.rivals.map(safe).join('<br>')}</td></tr>
<tr><th scope="row">Hypothesis</th><td><code>${safe(hypothesis.id)}</code>, frozen before any response to the tested images was read; digest <code>${safe(hypothesis.digest.slice(0, 16))}…</code> ${activity(hypothesis.recorded)} ${activity(hypothesis.frozen)}</td></tr>
<tr><th scope="row">Data</th><td>${safe(data.title)}: <code>${safe(data.dataset)}</code>, ${safe(data.licence)}. ${data.cite.map(safe).join('; ')} ${activity(data.activity)}</td></tr>
<tr><th scope="row">Twins</th><td>${twins.map((twin) => `${safe(twin.label)}: <code>${safe(twin.id)}</code>, ${safe(twin.describes)} ${activity(twin.built)}`).join('<br>')}</td></tr>
<tr><th scope="row">Experiment</th><td><code>${safe(experiment.experiment)}</code>, plan <code>${safe(experiment.plan)}</code>, approved by ${safe(experiment.signedBy)} (<code>${safe(experiment.approval)}</code>): ${experiment.trials} of ${experiment.asked} trials measured. The subject is a recording, replayed trial by trial. ${activity(experiment.activity)}</td></tr>
</tbody></table>

<h2>What this does not show</h2>
<ul>${report.limits.map((limit) => `<li>${safe(limit)}</li>`).join('')}</ul>

<h2>Check it yourself</h2>
<p>Every number above names the activity that made it. In <code>${safe(report.workspace)}</code>:</p>
<pre><code>bregma verify
bregma trace ${safe(test.activity)}
bregma replay ${safe(twins[0].validity.activity)}</code></pre>
<p class="quiet">Made in ${measured(report.seconds, 0)} s. All figures with their activities: report.json.</p>
</main>
</body>
</html>
`;
}

function twinRow(twin: TwinReport, index: number): string {
  const { pearson, spearman, ci, ceiling, control, n } = twin.validity;
  const share = ceiling ? ` <span class="quiet">(${percent(pearson / ceiling)} of it reached)</span>` : '';
  return `<tr><th scope="row"><span class="key ${index === 0 ? 'first' : 'second'}">${safe(twin.label)}</span></th><td>${measured(pearson)}</td><td>${measured(ci.low)} to ${measured(ci.high)}</td><td>${measured(spearman)}</td><td>${measured(ceiling)}${share}</td><td>${measured(control)}</td><td>${n} neurons</td></tr>`;
}

function confidence(ci: { low: number | null; high: number | null; level?: number }): string {
  return `${Math.round((ci.level ?? 0.95) * 100)} % CI ${measured(ci.low)} to ${measured(ci.high)}`;
}

function percent(share: number): string {
  return `${withDecimals(share * 100, share < 0.1 ? 1 : 0)} %`;
}
