import * as vscode from 'vscode';
import { activityText } from '../../provenance/tree-model.ts';
import type { StoreClient } from '../../store/client.ts';
import { isId } from './asking.ts';

interface Choice extends vscode.QuickPickItem {
  record?: string;
}

const shown = 60;

/** Lets a person find an activity by any text of its record, newest first, or name a record by its id. undefined: cancelled. */
export function pickActivity(store: StoreClient, title: string, placeholder: string): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<Choice>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  let asking: AbortController | undefined;
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    pick.busy = true;
    const text = pick.value.trim();
    const direct: Choice[] = isId(text)
      ? [{ label: text, description: 'this id', record: text, alwaysShow: true }]
      : [];
    try {
      const { rows } = await store.follow('activities', [text && !isId(text) ? { text } : {}, shown], { signal });
      if (signal.aborted) return;
      const found = rows.map((row): Choice => {
        const { label, description, tooltip } = activityText(row);
        return {
          label: `$(play) ${label}`,
          description,
          detail: tooltip?.replaceAll('\n', ' · '),
          record: row.id,
          alwaysShow: true,
        };
      });
      const none: Choice[] =
        found.length + direct.length === 0 ? [{ label: 'No activity has this text', alwaysShow: true }] : [];
      pick.items = [...direct, ...found, ...none];
    } catch (error) {
      if (!signal.aborted)
        pick.items = [{ label: error instanceof Error ? error.message : String(error), alwaysShow: true }];
    }
    pick.busy = false;
  };
  return new Promise((resolve) => {
    pick.onDidChangeValue(() => {
      clearTimeout(timer);
      timer = setTimeout(look, 150);
    });
    pick.onDidAccept(() => {
      // An id that was typed is meant, also when the list has not caught up with it.
      const text = pick.value.trim();
      const record = isId(text) ? text : pick.selectedItems[0]?.record;
      if (!record) return;
      resolve(record);
      pick.hide();
    });
    pick.onDidHide(() => {
      asking?.abort();
      clearTimeout(timer);
      resolve(undefined);
      pick.dispose();
    });
    void look();
    pick.show();
  });
}
