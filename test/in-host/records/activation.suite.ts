import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

const extension = () => {
  const found = vscode.extensions.getExtension('bregma.bregma');
  assert.ok(found);
  return found;
};

/** Every string in a value, with the key that it stands under. */
function* strings(value: unknown, key = ''): Generator<{ key: string; text: string }> {
  if (typeof value === 'string') yield { key, text: value };
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) yield* strings(inner, Array.isArray(value) ? key : name);
}

describe('activation', () => {
  it('happens by itself in a folder with records', () => {
    assert.equal(extension().isActive, true);
  });

  it('registers the commands of the manifest, and no other', async () => {
    const { commands, views } = extension().packageJSON.contributes;
    const ofViews = views.bregma.map(({ id }: { id: string }) => `${id}.`);
    const registered = (await vscode.commands.getCommands(true))
      .filter((id) => id.startsWith('bregma.'))
      .filter((id) => !ofViews.some((view: string) => id.startsWith(view)));
    const declared = commands.map(({ command }: { command: string }) => command);
    assert.deepEqual(registered.sort(), declared.sort());
  });

  it('finds every command, file, view and setting that the manifest names', async () => {
    const { extensionPath, packageJSON } = extension();
    const { menus, views, viewsWelcome, walkthroughs, configuration } = packageJSON.contributes;
    const known = new Set(await vscode.commands.getCommands(false));
    const offered = [...strings(menus)].filter(({ key }) => key === 'command').map(({ text }) => text);
    const linked = [...strings([viewsWelcome, walkthroughs])].flatMap(({ text }) =>
      [...text.matchAll(/(?:\(command|onCommand):([\w.-]+)/g)].map(([, command]) => command),
    );
    assert.ok(offered.length > 20 && linked.length > 10);
    assert.deepEqual(
      [...offered, ...linked].filter((command) => !known.has(command)),
      [],
    );
    const files = [...strings(packageJSON)].map(({ text }) => text).filter((text) => /^(\.\/|media\/)/.test(text));
    assert.ok(files.length > 20);
    assert.deepEqual(
      files.filter((file) => !existsSync(path.join(extensionPath, file))),
      [],
    );
    const ids = views.bregma.map(({ id }: { id: string }) => id);
    const welcomed = viewsWelcome.map(({ view }: { view: string }) => view);
    assert.deepEqual(
      welcomed.filter((view: string) => !ids.includes(view)),
      [],
    );
    for (const name of Object.keys(configuration.properties))
      assert.equal(vscode.workspace.getConfiguration().inspect(name)?.defaultValue, '');
  });

  it('makes the languages of its cells known', async () => {
    const languages = await vscode.languages.getLanguages();
    for (const one of ['bregma', 'bregma-sql', 'bregma-plot', 'vega-lite', 'bregma-hypothesis'])
      assert.ok(languages.includes(one), one);
  });
});
