import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { ObjectStore } from '@bregma/core/objects/objects';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, inFolder } from '../notebooks.ts';

const objects = () => new ObjectStore(inFolder('.bregma/objects'));
const show = (digest: string) => vscode.commands.executeCommand('bregma.showRecord', digest);

describe('an object of the store', () => {
  afterEach(closeAll);

  it('is shown as the text that it is', async () => {
    const { object } = objects().put('spikes in µV\n\u202E', 'text/plain');
    await show(object);
    const { document } = vscode.window.activeTextEditor ?? {};
    assert.equal(document?.uri.scheme, 'bregma-object');
    assert.equal(document.getText(), 'spikes in µV\n\u202E');
  });

  it('is indented where it is JSON', async () => {
    const { object } = objects().put('{"id":720575940620875399}', 'application/json');
    await show(object);
    const { document } = vscode.window.activeTextEditor ?? {};
    assert.equal(document?.languageId, 'json');
    assert.equal(document.getText(), '{\n  "id": 720575940620875399\n}');
  });

  it('cannot be edited', async () => {
    const { object } = objects().put('as it is', 'text/plain');
    await show(object);
    await vscode.commands.executeCommand('type', { text: 'x' });
    assert.equal(vscode.window.activeTextEditor?.document.getText(), 'as it is');
    assert.equal(vscode.window.activeTextEditor?.document.isDirty, false);
  });

  it('opens no document where it is no text', async () => {
    const files = readdirSync(inFolder('.bregma/objects'), { recursive: true, encoding: 'utf8' });
    const digests = files.map((file) => file.replace(/[^0-9a-f]/g, '')).filter((digest) => digest.length === 64);
    const parquet = digests.find((digest) => objects().get(digest).subarray(0, 4).toString() === 'PAR1');
    assert.ok(parquet);
    await show(parquet);
    assert.equal(vscode.window.activeTextEditor, undefined);
  });
});
