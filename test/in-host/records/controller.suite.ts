import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually.ts';
import { closeAll, ended, execute, inFolder, openNotebook, runCell, shown, textOf, write } from '../notebooks.ts';

const text = `# Cells

\`\`\`sql name=cells
SELECT kind, count(*) AS n FROM celegans_cook2019.edges GROUP BY 1 ORDER BY 1
\`\`\`

\`\`\`bregma name=model
tool: build_twin
arguments: {kind: linear-propagation, data: celegans-cook2019}
\`\`\`

\`\`\`bregma name=response
tool: run_twin
arguments:
  twin: $model.twin
  stimulate: [AVAL]
\`\`\`

\`\`\`plot
data: cells
marks:
  - {mark: bar, x: kind, y: n}
\`\`\`

\`\`\`sql
SELECT sum(a.range * b.range) FROM range(1000000) a, range(10000000) b
\`\`\`

\`\`\`sql
SELECT * FROM no_such_table
\`\`\`

\`\`\`bregma
tool: find_dat
\`\`\`
`;
const [sql, model, response, plot, long, wrong, misspelt] = [1, 2, 3, 4, 5, 6, 7];

describe('a cell that is run', () => {
  let notebook: vscode.NotebookDocument;
  before(async () => {
    notebook = await openNotebook('controller.bregma.md', text);
  });
  after(async () => {
    await notebook.save();
    await closeAll();
  });

  it('says what it needs while an earlier cell has no result', async () => {
    const cell = await runCell(notebook, response);
    assert.equal(cell.executionSummary?.success, false);
    assert.deepEqual(shown(cell)?.error, { message: "'model' has no result yet.", next: 'Run it first.' });
  });

  it('shows its table, with a text for who reads text', async () => {
    const cell = await runCell(notebook, sql);
    assert.equal(cell.executionSummary?.success, true);
    assert.equal(cell.outputs.length, 1);
    assert.deepEqual(
      cell.outputs[0].items.map(({ mime }) => mime),
      ['application/vnd.bregma.result', 'text/plain', 'application/vnd.bregma.state+json'],
    );
    assert.deepEqual(
      shown(cell)?.pictures.map(({ view }) => view),
      ['table'],
    );
    assert.match(textOf(cell), /chemical.*4681/);
  });

  it('draws the chart below it', async () => {
    const cell = await ended(notebook, plot);
    assert.equal(cell.executionSummary?.success, true);
    assert.deepEqual(
      shown(cell)?.pictures.map(({ view }) => view),
      ['chart'],
    );
    assert.match(JSON.stringify(shown(cell)), /"kind":"chemical","n":4681/);
  });

  it('takes values of earlier cells', async () => {
    const twin = await runCell(notebook, model);
    const [id] = /twin-[0-9a-f]{16}/.exec(textOf(twin)) ?? [];
    assert.ok(id, textOf(twin));
    const answer = await runCell(notebook, response);
    assert.equal(answer.executionSummary?.success, true, textOf(answer));
    assert.match(textOf(answer), /AVAR/);
  });

  it('counts on from the one before', async () => {
    const orders = () => [sql, model].map((one) => notebook.cellAt(one).executionSummary?.executionOrder ?? 0);
    const before = Math.max(...orders());
    await execute(notebook, sql, model + 1);
    await eventually(() => assert.ok(orders().every((order) => order > before)));
    const [first, second] = orders();
    assert.ok(first < second, `${first} ${second}`);
    await ended(notebook, model);
  });

  it('keeps the id of its activity at the end of the file, and changes no cell', async () => {
    assert.ok(await notebook.save());
    const saved = readFileSync(inFolder('controller.bregma.md'), 'utf8');
    assert.equal(saved.match(/ act-[0-9a-f]{16}$/gm)?.length, 3);
    assert.equal(saved.replace(/\n<!-- bregma results\n(?:\S+ act-[0-9a-f]{16}\n){3}-->\n$/, ''), text);
  });

  it('ends when it is cancelled, and keeps nothing', async () => {
    void execute(notebook, long);
    await eventually(() => assert.notEqual(notebook.cellAt(long).executionSummary?.executionOrder, undefined));
    await vscode.commands.executeCommand('notebook.cell.cancelExecution', {
      ranges: [{ start: long, end: long + 1 }],
      document: notebook.uri,
    });
    const cell = await ended(notebook, long);
    assert.equal(cell.executionSummary?.success, false);
    assert.deepEqual(shown(cell)?.error, { message: 'Cancelled: nothing was kept.' });
    assert.equal(notebook.isDirty, false);
    const next = await runCell(notebook, sql);
    assert.equal(next.executionSummary?.success, true, textOf(next));
  });

  it('says of an error what to do next', async () => {
    const cell = await runCell(notebook, wrong);
    const { message = '', next = '' } = shown(cell)?.error ?? {};
    assert.match(message, /no_such_table/);
    assert.match(next, /\w+/);
    assert.equal(textOf(cell), `${message} ${next}`);
    const unknown = await runCell(notebook, misspelt);
    assert.match(shown(unknown)?.error?.message ?? '', /No tool 'find_dat'.*find_data/);
  });

  it('stops the cells behind it when it fails', async () => {
    const before = notebook.cellAt(misspelt).executionSummary?.executionOrder;
    await execute(notebook, wrong, misspelt + 1);
    await eventually(() => assert.ok((notebook.cellAt(wrong).executionSummary?.executionOrder ?? 0) > (before ?? 0)));
    await ended(notebook, wrong);
    assert.ok(!((notebook.cellAt(misspelt).executionSummary?.executionOrder ?? 0) > (before ?? 0)));
  });

  it('is stale in what is exported once it was changed, and fresh when it is as it was', async () => {
    const target = inFolder('stale.html');
    const page = async () => {
      await vscode.commands.executeCommand('bregma.exportNotebook', { format: 'html', target });
      return readFileSync(target, 'utf8');
    };
    const cell = notebook.cellAt(sql);
    const was = cell.document.getText();
    assert.doesNotMatch(await page(), /was changed after it ran/);
    await write(cell, was.replace('ORDER BY 1', 'ORDER BY 2'));
    assert.match(await page(), /was changed after it ran/);
    await write(cell, was);
    assert.doesNotMatch(await page(), /was changed after it ran/);
  });
});
