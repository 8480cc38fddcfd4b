import assert from 'node:assert/strict';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually.ts';
import { closeAll, inFolder, openNotebook, write } from '../notebooks.ts';

const text = '# Shared\n\n```sql name=a\nSELECT 1\n```\n\n```sql name=b\nSELECT 2\n```\n\nThe end.\n';

describe('what another program writes into an open notebook', () => {
  afterEach(closeAll);

  it('is shown where nothing is unsaved', async () => {
    const notebook = await openNotebook('clean.bregma.md', text);
    writeFileSync(inFolder('clean.bregma.md'), text.replace('SELECT 2', 'SELECT 22').replace('Shared', 'Ours'));
    await eventually(() => assert.equal(notebook.cellAt(2).document.getText(), 'SELECT 22'));
    assert.equal(notebook.cellAt(0).document.getText(), '# Ours');
    assert.equal(notebook.isDirty, false);
  });

  it('is merged with unsaved work in another cell', async () => {
    const notebook = await openNotebook('merged.bregma.md', text);
    await write(notebook.cellAt(1), 'SELECT 11 -- mine');
    // The text from which both sides start is read from the file until VS Code has told that there is unsaved work.
    await new Promise((resolve) => setTimeout(resolve, 500));
    writeFileSync(inFolder('merged.bregma.md'), text.replace('SELECT 2', 'SELECT 22').replace('The end', 'An end'));
    await eventually(() => {
      assert.equal(notebook.cellAt(2).document.getText(), 'SELECT 22');
      assert.equal(notebook.cellAt(1).document.getText(), 'SELECT 11 -- mine');
    });
    assert.ok(notebook.isDirty);
    assert.ok(await notebook.save());
    const both = text.replace('SELECT 1\n', 'SELECT 11 -- mine\n').replace('SELECT 2', 'SELECT 22');
    assert.equal(readFileSync(inFolder('merged.bregma.md'), 'utf8'), both.replace('The end', 'An end'));
  });

  it('leaves one’s own typing to be undone, and done again, in its own cell', async () => {
    const notebook = await openNotebook('undone.bregma.md', text);
    await write(notebook.cellAt(1), 'SELECT 11 -- mine');
    await eventually(() => assert.ok(notebook.isDirty));
    writeFileSync(inFolder('undone.bregma.md'), text.replace('SELECT 2', 'SELECT 22'));
    const says = (mine: string) =>
      eventually(() =>
        assert.deepEqual(
          [1, 2].map((i) => notebook.cellAt(i).document.getText()),
          [mine, 'SELECT 22'],
        ),
      );
    await says('SELECT 11 -- mine');
    const editor = await vscode.window.showNotebookDocument(notebook);
    editor.selection = new vscode.NotebookRange(1, 2);
    await vscode.commands.executeCommand('notebook.cell.edit');
    await vscode.commands.executeCommand('undo');
    await says('SELECT 1');
    await vscode.commands.executeCommand('redo');
    await says('SELECT 11 -- mine');
  });

  it('is shown where nothing is unsaved also where the notebook was reached by a symbolic link', async () => {
    writeFileSync(inFolder('far.bregma.md'), text);
    symlinkSync(inFolder('far.bregma.md'), inFolder('near.bregma.md'));
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(inFolder('near.bregma.md')));
    await vscode.window.showNotebookDocument(notebook);
    writeFileSync(inFolder('far.bregma.md'), text.replace('SELECT 2', 'SELECT 22'));
    await eventually(() => assert.equal(notebook.cellAt(2).document.getText(), 'SELECT 22'));
    await eventually(() => assert.equal(notebook.isDirty, false));
  });

  it('is merged with unsaved work also where the notebook was reached by a symbolic link', async () => {
    writeFileSync(inFolder('target.bregma.md'), text);
    symlinkSync(inFolder('target.bregma.md'), inFolder('link.bregma.md'));
    const notebook = await openNotebook('link.bregma.md', text);
    await write(notebook.cellAt(1), 'SELECT 11 -- mine');
    await eventually(() => assert.ok(notebook.isDirty));
    writeFileSync(inFolder('target.bregma.md'), text.replace('SELECT 2', 'SELECT 22'));
    await eventually(() => {
      assert.equal(notebook.cellAt(2).document.getText(), 'SELECT 22');
      assert.equal(notebook.cellAt(1).document.getText(), 'SELECT 11 -- mine');
    });
    assert.ok(await notebook.save());
    assert.match(readFileSync(inFolder('target.bregma.md'), 'utf8'), /SELECT 11 -- mine[\s\S]*SELECT 22/);
  });

  it('is seen where it takes the front matter out, and nothing is unsaved then', async () => {
    const notebook = await openNotebook('front.bregma.md', `---\ntitle: T\n---\n\n${text}`);
    writeFileSync(inFolder('front.bregma.md'), text);
    await eventually(() => assert.equal(notebook.metadata.frontMatter ?? undefined, undefined));
    assert.equal(notebook.isDirty, false);
    assert.equal(notebook.cellCount, 4);
  });

  it('is nothing that a rename loses: unsaved text stays unsaved under the new name', async () => {
    const notebook = await openNotebook('before.bregma.md', text);
    await write(notebook.cellAt(1), 'SELECT 11 -- mine');
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(notebook.uri, vscode.Uri.file(inFolder('after.bregma.md')));
    assert.ok(await vscode.workspace.applyEdit(edit));
    const moved = await eventually(() => {
      const found = vscode.workspace.notebookDocuments.find(({ uri }) => uri.fsPath === inFolder('after.bregma.md'));
      assert.equal(found?.cellAt(1).document.getText(), 'SELECT 11 -- mine');
      assert.ok(found);
      return found;
    });
    // As long as the file is looked at after it was heard of.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.equal(moved.cellAt(1).document.getText(), 'SELECT 11 -- mine');
    // VS Code writes only what it knows to be unsaved.
    assert.ok(await moved.save());
    assert.match(readFileSync(inFolder('after.bregma.md'), 'utf8'), /SELECT 11 -- mine/);
  });
});
