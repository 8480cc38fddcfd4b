type Json = Record<string, unknown>;
type Message = { id?: number | string; method?: string; params?: Json; result?: Json; error?: { message: string } };

/** Version of MCP Apps that is spoken. */
const protocolVersion = '2026-01-26';

/**
 * The view's side of MCP Apps: JSON-RPC over postMessage with the page around it. The official library does the same in 600 kB
 * for each view; the tests put the official host on the other side.
 */
export class ChatProtocol {
  private readonly handlers: Record<string, (params: Json) => void>;
  private readonly waiting = new Map<number, { resolve(result: Json): void; reject(error: Error): void }>();
  private last = 0;

  /** handlers: method of a notification → what to do. Set before `connect`, so that none is missed. */
  constructor(handlers: Record<string, (params: Json) => void>) {
    this.handlers = handlers;
    window.addEventListener('message', ({ source, data }) => {
      if (source === window.parent && data?.jsonrpc === '2.0') this.receive(data);
    });
  }

  /** Says who is here, and gives the host's context: theme, style variables, display mode. */
  async connect(name: string): Promise<Json> {
    const appInfo = { name, version: '1.0.0' };
    const { hostContext } = await this.request('ui/initialize', { appInfo, appCapabilities: {}, protocolVersion });
    this.notify('ui/notifications/initialized', {});
    // SAFETY: the protocol says an object; whoever reads it looks at each member.
    return (hostContext ?? {}) as Json;
  }

  request(method: string, params: Json): Promise<Json> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.post({ id, method, params });
    });
  }

  notify(method: string, params: Json): void {
    this.post({ method, params });
  }

  private receive(message: Message): void {
    const { id, method, params = {}, result, error } = message;
    if (method === undefined) {
      const promise = this.waiting.get(Number(id));
      this.waiting.delete(Number(id));
      if (error) promise?.reject(new Error(error.message));
      else promise?.resolve(result ?? {});
      return;
    }
    this.handlers[method]?.(params);
    if (id === undefined) return;
    const known = method === 'ping' || method in this.handlers;
    this.post(known ? { id, result: {} } : { id, error: { code: -32601, message: `No method '${method}'` } });
  }

  private post(message: Json): void {
    // The page around a view has an origin that the view cannot know; nothing secret is said.
    window.parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
  }
}
