// The parts of the MCP SDK's client that are used, in a file of their own: the editor takes them from the programs beside it.
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

export { Client } from '@modelcontextprotocol/client';

/**
 * A server of this project as a child process. The SDK asks a server of its own class which revisions it knows in a second process,
 * since foreign ones may end at that question; another class is asked in place, and starts once.
 */
export class ServerProcess extends StdioClientTransport {}
