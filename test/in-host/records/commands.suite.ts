import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually.ts';
import { closeAll, inFolder, openNotebook, runCell, textOf } from '../notebooks.ts';
import { activitiesOf, records } from '../records.ts';

const run = <Answer>(command: string, ...args: unknown[]) =>
  vscode.commands.executeCommand<Answer>(`bregma.${command}`, ...args);

const text = `---
title: Exported
---

# Exported

\`\`\`sql name=kinds
SELECT kind, count(*) AS n FROM celegans_cook2019.edges GROUP BY 1 ORDER BY 1
\`\`\`

\`\`\`plot
data: kinds
marks:
  - {mark: bar, x: kind, y: n}
\`\`\`
`;

describe('a command with arguments', () => {
  let notebook: vscode.NotebookDocument;
  before(async () => {
    notebook = await openNotebook('exported.bregma.md', text);
    await runCell(notebook, 1);
  });
  after(async () => {
    await notebook.save();
    await closeAll();
  });

  it('exports a notebook as a page that checks itself, and runs nothing else', async () => {
    const target = inFolder('exported.html');
    assert.equal(await run('exportNotebook', { format: 'html', target }), target);
    const page = readFileSync(target, 'utf8');
    assert.match(page, /4681/);
    assert.deepEqual(page.match(/<script[^>]*>/g), ['<script type="application/json" id="publication">', '<script>']);
  });

  it('exports a notebook for Jupyter, and makes the same notebook of it again', async () => {
    const target = inFolder('again.ipynb');
    assert.equal(await run('exportNotebook', { format: 'ipynb', target }), target);
    const { nbformat, cells } = JSON.parse(readFileSync(target, 'utf8'));
    assert.deepEqual([nbformat, cells.length], [4, notebook.cellCount]);
    await notebook.save();
    await run('importNotebook', vscode.Uri.file(target));
    const squeezed = (name: string) => readFileSync(inFolder(name), 'utf8').replace(/\s+/g, ' ');
    assert.equal(squeezed('again.bregma.md'), squeezed('exported.bregma.md'));
    await vscode.window.showNotebookDocument(notebook);
  });

  it('saves a whole result as CSV and as Parquet', async () => {
    await run('saveResult', notebook.cellAt(1), inFolder('kinds.csv'));
    assert.match(readFileSync(inFolder('kinds.csv'), 'utf8'), /^kind,n\r\n(.*\r\n)*chemical,4681\r\n/);
    await run('saveResult', notebook.cellAt(1), inFolder('kinds.parquet'));
    assert.equal(readFileSync(inFolder('kinds.parquet')).subarray(0, 4).toString(), 'PAR1');
  });

  it('pins the releases that results used, and keeps what else stands before the cells', async () => {
    await vscode.window.showNotebookDocument(notebook);
    await run('pinReleases');
    assert.ok(await notebook.save());
    assert.match(
      readFileSync(inFolder('exported.bregma.md'), 'utf8'),
      /^---\ntitle: Exported\nreleases: \[ ?celegans-cook2019@2019 ?\]\n---\n/,
    );
  });

  it('packs an activity and what it rests on as an RO-Crate', async () => {
    const target = inFolder('crate.zip');
    assert.equal(await run('exportCrate', activitiesOf('query_data').at(-1), target), target);
    const crate = readFileSync(target);
    assert.equal(crate.subarray(0, 2).toString(), 'PK');
    assert.ok(crate.includes('ro-crate-metadata.json'));
  });

  it('verifies one record and all of them', async () => {
    interface Verified {
      faults: unknown[];
      records: number;
    }
    const all = await run<Verified>('verify');
    assert.deepEqual([all.faults, all.records], [[], records().length]);
    const one = await run<Verified>('verify', activitiesOf('query_data').at(-1));
    assert.deepEqual([one.faults, one.records], [[], 1]);
  });

  it('turns a session of an agent into a notebook', async () => {
    const made = await run<vscode.NotebookDocument>('sessionToNotebook', 'bregma-test 1.0.0');
    const tools = made.getCells().map((cell) => /^tool: (\w+)/m.exec(cell.document.getText())?.[1]);
    for (const tool of ['add_data', 'build_twin', 'record_hypothesis']) assert.ok(tools.includes(tool), tools.join());
    assert.equal(readFileSync(made.uri.fsPath, 'utf8').match(/^\S+ act-[0-9a-f]{16}$/gm)?.length, 3);
  });

  it('makes a new notebook beside the others, and writes over none', async () => {
    await run('newNotebook');
    writeFileSync(inFolder('notebook.bregma.md'), '# Mine\n');
    await run('newNotebook');
    assert.ok(existsSync(inFolder('notebook-2.bregma.md')));
    assert.equal(readFileSync(inFolder('notebook.bregma.md'), 'utf8'), '# Mine\n');
  });
});

describe('data of one’s own', () => {
  afterEach(closeAll);
  it('are added from the menu of a file, with what was decided and the first rows', async () => {
    await closeAll();
    writeFileSync(inFolder('mine.csv'), 'k,v\na,1\nb,2\n');
    await run('addData', { resourceUri: vscode.Uri.file(inFolder('mine.csv')) });
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    assert.ok(notebook);
    const texts = notebook.getCells().map(({ document }) => document.getText());
    assert.match(texts[0], /Table `mine`, 2 rows/);
    assert.match(texts[1], /tool: add_data\narguments:\n {2}source: mine\.csv/);
    assert.equal(texts[2], 'SELECT * FROM mine.mine LIMIT 100');
    await eventually(() => assert.notEqual(textOf(notebook.cellAt(2)), ''));
  });

  it('begin a new notebook', async () => {
    await run('newNotebook');
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    assert.match(notebook?.cellAt(1).document.getText() ?? '', /^SELECT \* FROM mine\.mine/);
  });
});

describe('a cell that is copied', () => {
  afterEach(closeAll);

  it('has neither result nor activity of the one that it was copied from', async () => {
    const notebook = await openNotebook('copied.bregma.md', '```sql\nSELECT 1 AS x\n```\n');
    const cell = await runCell(notebook, 0);
    assert.notEqual(textOf(cell), '');
    const data = new vscode.NotebookCellData(cell.kind, cell.document.getText(), cell.document.languageId);
    Object.assign(data, { metadata: cell.metadata, outputs: cell.outputs });
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(1, [data])]);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await eventually(() => {
      assert.equal(textOf(notebook.cellAt(1)), '');
      assert.equal(notebook.cellAt(1).metadata.info.activity, undefined);
    });
    assert.notEqual(notebook.cellAt(0).metadata.info.activity, undefined);
  });
});

describe('a command that opens a view', () => {
  afterEach(closeAll);

  const inFront = () => vscode.window.tabGroups.activeTabGroup.activeTab;
  async function opens(view: string, title: RegExp, command: string, ...args: unknown[]): Promise<void> {
    await run(command, ...args);
    await eventually(() => {
      const tab = inFront();
      // VS Code puts a word of its own before the type of a webview.
      assert.ok(
        tab?.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(`bregma.${view}`),
        tab?.label,
      );
      assert.match(tab.label, title);
    });
  }

  it('shows the record, the lineage and the comparison that its arguments name', async () => {
    const [first] = activitiesOf('add_data');
    const [second] = activitiesOf('build_twin');
    await opens('activity', /add_data/, 'showRecord', first);
    await opens('lineage', /^Lineage: /, 'showLineage', second);
    await opens('comparison', /^Compare: /, 'compare', first, second);
  });

  it('shows the lineage of what is looked at: of the record in front, of the selected cell, else of the newest claim', async () => {
    const [first] = activitiesOf('add_data');
    await opens('activity', /add_data/, 'showRecord', first);
    await opens('lineage', /^Lineage: .*add_data/, 'openProvenance');
    await closeAll();
    const notebook = await openNotebook('looked-at.bregma.md', '```sql\nSELECT 41 + 1 AS looked_at\n```\n');
    await runCell(notebook, 0);
    await opens('lineage', /^Lineage: .*query_data/, 'openProvenance');
    await closeAll();
    await opens('lineage', /^Lineage: (?!.*(add|query)_data)/, 'openProvenance');
  });

  it('shows the card of a data set and of a hypothesis, and the board', async () => {
    const hypothesis = records().find(({ kind }) => kind === 'hypothesis')?.subject;
    await opens('card', /./, 'showCard', 'celegans-cook2019@2019');
    await opens('hypothesis', /./, 'openHypothesis', hypothesis);
    await opens('board', /Hypotheses/, 'openBoard');
  });

  it('shows the connections of a data set', async () => {
    await opens('matrix', /celegans-cook2019/, 'openAtlasExplorer', 'celegans-cook2019', 'matrix');
  });

  it('shows the doctor', () => opens('doctor', /Doctor/, 'doctor'));

  it('shows nothing of an id that nobody recorded', async () => {
    await run('showRecord', 'act-0000000000000000');
    await run('showLineage', 'act-0000000000000000');
    await eventually(() => assert.equal(inFront(), undefined));
  });

  it('runs an activity again and shows that it gives the same bytes', async () => {
    const before = activitiesOf('find_data').length;
    const [activity] = activitiesOf('query_data');
    await opens('comparison', /^Replay: query_data/, 'replay', activity);
    assert.equal(activitiesOf('find_data').length, before);
  });
});
