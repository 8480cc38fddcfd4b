// The parts of the MCP SDK's client that are used, in a file of their own: the editor takes them from the programs beside it.
export { Client } from '@modelcontextprotocol/client';
export { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
