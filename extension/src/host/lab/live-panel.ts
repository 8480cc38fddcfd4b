import type { RecordKind } from '@bregma/core/contracts/answer';
import type { App } from '../app.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import type { ViewPanel, ViewRequest } from '../web-panel.ts';

const watching = new Map<string, { dispose(): void }>();

/**
 * Shows a view and draws it anew whenever the ledger has grown by records of these kinds. model: undefined leaves the panel as
 * it is.
 */
export async function showLive(
  app: App,
  request: Omit<ViewRequest, 'model'> & { model(): Promise<unknown>; kinds: readonly RecordKind[]; everyMs?: number },
): Promise<ViewPanel> {
  const model = await request.model();
  watching.get(request.key)?.dispose();
  const shown = app.show({
    ...request,
    model,
    onClose: () => {
      watching.get(request.key)?.dispose();
      watching.delete(request.key);
      request.onClose?.();
    },
  });
  const refresh = oneAtATime(async () => {
    try {
      const next = await request.model();
      if (next !== undefined) shown.update(next);
    } catch (error) {
      app.log.warn(`${request.view}: ${error instanceof Error ? error.message : error}`);
    }
  });
  const grown = app.store?.onGrown(refresh, request.kinds);
  const timer = request.everyMs ? setInterval(refresh, request.everyMs) : undefined;
  watching.set(request.key, {
    dispose: () => {
      grown?.dispose();
      clearInterval(timer);
    },
  });
  return shown;
}
