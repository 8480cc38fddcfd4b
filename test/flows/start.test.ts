import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createKey, trustKey } from '@bregma/core/approval/keys';
import type { DoctorReport } from '@bregma/core/contracts/doctor';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root, temporaryWorkspace } from '../fixtures/client.ts';

const space = temporaryWorkspace();
afterAll(() => space.remove());

/** `bregma ARGS`: the bundle under `npm test`, the source otherwise. */
function bregma(...args: string[]) {
  const program = path.join(root, process.env.BREGMA_TEST_DIST ? 'dist/bregma.mjs' : 'cli/src/main.ts');
  const result = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    encoding: 'utf8',
    cwd: space.folder,
    timeout: 290_000,
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

// biome-ignore lint/suspicious/noExplicitAny: report.json is looked into by name
let report: any;
const out = path.join(space.folder, 'demo');

describe('npm start, on the embedded recording', () => {
  beforeAll(() => {
    const { code, err } = bregma('start', '--out', out, '--yes');
    if (code !== 0) throw new Error(err);
    report = JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8'));
  });

  test('ends with a verdict that its own numbers support', () => {
    expect(report.test.verdict).toBe('supported');
    expect(report.test.effect).toBeGreaterThan(0.02);
    expect(report.test.ci.low).toBeGreaterThan(0.02);
    expect(report.test.evidence).toBeGreaterThan(1 / report.test.level);
    expect(report.test.n).toBe(320);
  });

  test('gives each twin a validity below its ceiling and a control at zero', () => {
    for (const { validity, units } of report.twins) {
      expect(validity.pearson).toBeGreaterThan(validity.ci.low);
      expect(validity.pearson).toBeLessThan(validity.ceiling);
      expect(Math.abs(validity.control)).toBeLessThan(0.03);
      expect(units).toHaveLength(50);
    }
    // 40 random halves give 0.456 ± 0.010 (sd); the half that content draws, 0.423, lies low among them. Floor: four sd.
    expect(report.twins[0].validity.pearson).toBeGreaterThan(0.456 - 4 * 0.01);
    expect(report.twins[0].validity.pearson).toBeGreaterThan(report.twins[1].validity.pearson);
  });

  test('measures what the design saved against random orders', () => {
    const { ratio, orders, curve } = report.benefit;
    expect(orders).toBe(200);
    expect(ratio.median).toBeGreaterThan(1.5);
    expect(ratio.p10).toBeLessThan(ratio.median);
    expect(ratio.p90).toBeGreaterThan(ratio.median);
    expect(curve.length).toBeGreaterThan(10);
  });

  test('names a recorded activity for every figure', () => {
    const store = openWorkspace(out);
    const ids = JSON.stringify(report).match(/act-[0-9a-f]{16}/g) ?? [];
    expect(ids.length).toBeGreaterThan(10);
    expect(ids.filter((id) => store.ledger.byId(id)?.kind !== 'activity')).toEqual([]);
    store.close();
  });

  test('says everywhere that a demonstration key signed', () => {
    expect(report.demoKey).toBe(true);
    expect(readFileSync(path.join(out, 'report.html'), 'utf8')).toContain('Demonstration key.');
    expect(bregma('trace', report.test.activity, '--workspace', out).out).toContain('DEMO KEY');
  });

  test('writes a report without scripts or outside references, for light and dark', () => {
    const html = readFileSync(path.join(out, 'report.html'), 'utf8');
    expect(html).not.toMatch(/<script|src="http|href="http|@import|url\(http/i);
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html.match(/<svg/g)).toHaveLength(3);
    expect(html).not.toMatch(/\bNaN\b|undefined|\[object /);
  });

  test('can be verified, traced to its raw files and replayed bit for bit', () => {
    expect(bregma('verify', '--workspace', out)).toMatchObject({ code: 0 });
    const trace = bregma('trace', report.test.activity, '--workspace', out).out;
    for (const part of ['hypothesis', 'approval', 'plan', 'twin', 'dataset', 'images_210325.zip', '992774eca3508a2a'])
      expect(trace).toContain(part);
    for (const activity of [
      report.twins[0].built,
      report.twins[0].validity.activity,
      report.design.activity,
      report.benefit.activity,
    ]) {
      expect(bregma('replay', activity, '--workspace', out)).toMatchObject({ code: 0 });
    }
    const acted = bregma('replay', report.test.activity, '--workspace', out);
    expect(acted.code).toBe(1);
    expect(acted.err).toContain('spend budget');
  });

  test('a replay after the data were changed says where it differs or that they were changed', () => {
    const store = openWorkspace(out);
    const twin = store.ledger.latest('twin', report.twins[0].id);
    const file = store.objects.pathOf(twin?.body.files[0].object ?? '');
    store.close();
    const bytes = readFileSync(file);
    writeFileSync(file, Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes[bytes.length - 1] ^ 1])]));
    const broken = bregma('replay', report.twins[0].validity.activity, '--workspace', out);
    const verified = bregma('verify', '--workspace', out);
    writeFileSync(file, bytes);
    expect(broken).toMatchObject({ code: 1 });
    expect(broken.err).toContain('does not match its digest');
    expect(verified.code).toBe(1);
    expect(verified.out).toContain(`object ${twin?.body.files[0].object}`);
  });
});

describe('the command line', () => {
  test('teaches: --help lists the commands, COMMAND --help explains, and a wrong name gets the nearest', () => {
    const { out: help } = bregma('--help');
    for (const name of ['start', 'serve', 'call', 'trace', 'verify', 'replay', 'approve', 'doctor']) {
      expect(help).toContain(`  ${name}`);
      expect(bregma(name, '--help').out).toContain(`Usage: bregma ${name}`);
    }
    const wrong = bregma('verfy');
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('Did you mean verify?');
  });

  test('call prints the answer as JSON and nothing else, and exits with 1 when the tool says isError', () => {
    const good = bregma('call', 'atlas', 'find_data', '{"query":"macaque"}', '--workspace', out);
    expect(good.code).toBe(0);
    expect(JSON.parse(good.out).value.datasets.length).toBeGreaterThan(0);
    const bad = bregma('call', 'atlas', 'describe_data', '{"data":"macaque-v5"}', '--workspace', out);
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.out).error.code).toBe('unknown-name');
    expect(bregma('call', 'atlas', 'find_data', 'not json').err).toContain('no JSON object');
    expect(bregma('call', 'atlsa').err).toContain('atlas');
  });

  test('approve and trust are refused without a terminal, whatever key is given and trusted', () => {
    const plan = report.experiment.plan as string;
    expect(bregma('approve', plan, '--workspace', out).err).toContain('typed by a person at a terminal');
    const key = path.join(space.folder, 'key.pem');
    const made = createKey(key, 'correct horse battery');
    const workspace = openWorkspace(out);
    trustKey(workspace, made, 'Ada Tester');
    workspace.close();
    const signed = bregma('approve', plan, '--workspace', out, '--key', key, '--by', 'Ada Tester');
    expect(signed.code).toBe(1);
    expect(signed.err).toContain('typed by a person at a terminal');
    expect(bregma('trust', '--workspace', out, '--key', key).err).toContain('trusts a key at a terminal');
    const wrong = bregma('approve', 'plan-0000000000000000', '--workspace', out);
    expect(wrong.err).toContain('plan-0000000000000000');
  });

  test('doctor finds what is needed, with the fix for what is not', () => {
    const found = bregma('doctor', '--json', '--workspace', space.folder);
    const { findings } = JSON.parse(found.out) as DoctorReport;
    expect(findings.find(({ what }) => what === 'Node')?.state).toBe('ok');
    expect(findings.filter(({ state, fix }) => state === 'missing' && !fix)).toEqual([]);
    // What a graphics processor is for is said whether there is one or not, and never that everything runs without.
    const gpu = findings.find(({ id }) => id === 'gpu');
    expect(gpu?.detail).toMatch(gpu?.state === 'ok' ? /run_twin takes it for large networks/ : /spiking twins run on/);
  });

  test('verify without records says where to look', () => {
    const { code, err } = bregma('verify', '--workspace', path.join(space.folder, 'nowhere'));
    expect(code).toBe(1);
    expect(err).toContain('--workspace DIR');
  });
});
