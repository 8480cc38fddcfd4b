import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import type { SkeletonsModel } from '@bregma/webviews/skeletons/model';
import * as vscode from 'vscode';
import type { Command } from '../app.ts';

/** Bytes of one file that are read at most. */
const mostBytes = 100_000_000;

/** Shows neurons from SWC files, those that were chosen in the explorer or in a dialog. */
export const openSkeletons: Command = {
  async run(app, clicked, selected) {
    const given = Array.isArray(selected) ? selected : clicked instanceof vscode.Uri ? [clicked] : undefined;
    const files =
      given ??
      (await vscode.window.showOpenDialog({ canSelectMany: true, filters: { SWC: ['swc'] }, title: 'Skeletons' }));
    if (!files?.length) return;
    const neurons = await Promise.all(
      files.map(async (file: vscode.Uri) => {
        const { size } = await vscode.workspace.fs.stat(file);
        const name = path.posix.basename(file.path).replace(/\.swc$/i, '');
        if (size > mostBytes)
          throw new BregmaError('too-large', `${name}.swc has ${size} bytes; ${mostBytes} are read.`);
        return { id: name, name, swc: Buffer.from(await vscode.workspace.fs.readFile(file)).toString('utf8') };
      }),
    );
    const model: SkeletonsModel = {
      title: neurons.length === 1 ? neurons[0].name : `${neurons.length} neurons`,
      kind: 'derived',
      n: { count: neurons.length, of: 'neurons' },
      note: 'Read from SWC files of this machine. A file does not say how it was made, nor its unit: SWC means micrometres, and many files hold voxels.',
      space: { name: 'as in the file', unit: 'units of the file' },
      neurons,
    };
    const { viewIntents } = await import('../view-intents.ts');
    app.show({
      view: 'skeletons',
      key: `skeletons ${files.map(String).join(' ')}`,
      title: model.title,
      model,
      intents: viewIntents(app),
    });
  },
};
