import type { JSONRPCMessage, McpServer, Transport } from '@modelcontextprotocol/server';
import type { Activity } from '../contracts/activity.ts';
import { plain, plainValue } from '../contracts/plain-text.ts';
import { recordLook, recordUnheard } from '../ledger/look.ts';
import { memberOf } from '../members.ts';
import { clientName } from './client-name.ts';
import { type Host, serverSays } from './record-call.ts';

/** A request as it came, while nobody has answered it. */
interface Asked {
  method: string;
  params: unknown;
  startedAt: Date;
}

const recorded = new Set(['tools/call', 'resources/read']);

/**
 * Calls and readings that the SDK refuses by itself, because it knows no such tool or resource, or cannot read what was asked for.
 * They never reach the call path, and are on record all the same before they are answered.
 */
export class UnheardCalls {
  private readonly host: Host;
  private readonly waiting = new Map<unknown, Asked>();

  constructor(host: Host) {
    this.host = host;
  }

  /** The request of this id has come to where it is recorded. */
  heard(id: unknown): void {
    this.waiting.delete(id);
  }

  /** Listens to every connection of a server from its first message. */
  watch(server: McpServer): void {
    const connect = server.connect.bind(server);
    server.connect = async (transport) => {
      this.listen(transport, server);
      await connect(transport);
    };
  }

  private listen(transport: Transport, server: McpServer): void {
    const before = transport.onmessage;
    transport.onmessage = (message, extra) => {
      before?.(message, extra);
      if ('method' in message && 'id' in message && recorded.has(message.method))
        this.waiting.set(message.id, { method: message.method, params: message.params, startedAt: new Date() });
    };
    const send = transport.send.bind(transport);
    transport.send = async (message, options) => {
      await this.answered(message, server);
      return send(madePlain(message), options);
    };
  }

  /** Puts a refusal on record that nobody else has. A reading of a page of the program itself shows nothing of the workspace. */
  private async answered(message: JSONRPCMessage, server: McpServer): Promise<void> {
    if (!('result' in message || 'error' in message) || !this.waiting.has(message.id)) return;
    const asked = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    const error = errorIn(message);
    if (!asked || !error) return;
    const meta = memberOf(asked.params, '_meta');
    const about = {
      server: this.host.server,
      client: clientName(server, meta),
      startedAt: asked.startedAt,
      inputs: [],
      error,
    };
    try {
      await this.host.ready();
      const { workspace } = this.host;
      if (asked.method === 'resources/read')
        await recordLook('read_resource', { ...about, given: { uri: memberOf(asked.params, 'uri') } }, workspace);
      else
        await recordUnheard(
          String(memberOf(asked.params, 'name') ?? ''),
          { ...about, given: memberOf(asked.params, 'arguments') },
          workspace,
        );
    } catch (failure) {
      serverSays(`A refused call could not be put on record: ${failure instanceof Error ? failure.message : failure}`);
    }
  }
}

/** What the SDK says of a request echoes it: its words are shown as `plain` shows them. */
function madePlain(message: JSONRPCMessage): JSONRPCMessage {
  if (!('error' in message)) return message;
  const { error } = message;
  const data = error.data === undefined ? {} : { data: plainValue(error.data) };
  return { ...message, error: { ...error, message: plain(error.message), ...data } };
}

/** Why a request was refused; undefined when it was not. */
function errorIn(message: JSONRPCMessage): Activity['error'] {
  const said = memberOf(message, 'error');
  if (said) return { code: 'bad-input', message: plain(memberOf(said, 'message')) };
  const result = memberOf(message, 'result');
  if (memberOf(result, 'isError') !== true) return undefined;
  return { code: 'bad-input', message: plain(memberOf(memberOf(memberOf(result, 'content'), 0), 'text')) };
}
