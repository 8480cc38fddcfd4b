import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { agentClients, entryNames } from '../../../extension/src/agents/agent-clients.ts';
import { codexToml } from '../../../extension/src/agents/codex-toml.ts';
import {
  planConnect,
  planDisconnect,
  readConfig,
  sinceFirst,
  writeConfig,
} from '../../../extension/src/agents/config-file.ts';
import { agentEntries } from '../../../extension/src/agents/launchers.ts';
import { mcpJson } from '../../../extension/src/agents/mcp-json.ts';
import { editorNode, nodeForAgents } from '../../../extension/src/agents/node-program.ts';

const windows = agentEntries('C:\\Users\\A "B"\\storage', 'D:\\data\\röntgen', { command: 'node', version: '24.0.0' });
const electron = agentEntries('/home/x/storage', '/home/x/work', {
  command: '/usr/share/code/code',
  version: '22.20.0',
  env: { ELECTRON_RUN_AS_NODE: '1' },
});

const toml = `# mine
model = "gpt-5"   # keep
big = 9007199254740993
when = 1979-05-27T07:32:00-08:00

[mcp_servers.other]
command = "npx"
args = [
  "-y", # yes
]
env = { A = """
[mcp_servers.not-a-header]
""" }

# the next project
[projects."/home/x"]
trust_level = "trusted"
`;
const json = `{\n\t"other": [1,   2],\n\t"mcpServers": {\n\t\t"mine": { "command": "x" }\n\t}\n}\n`;

describe.each([
  { name: 'config.toml of Codex', format: codexToml, text: toml },
  { name: '.mcp.json of Claude Code', format: mcpJson, text: json },
])('$name', ({ format, text }) => {
  test.each([
    ['with what is there', text],
    ['with Windows line ends', text.replaceAll('\n', '\r\n')],
    ['without a last line end', text.trimEnd()],
    ['empty', ''],
  ])('%s: gets the entries, keeps every line that was there, and loses them again', (_, start) => {
    for (const entries of [windows, electron]) {
      const added = format.add(start, entries);
      expect(format.read(added)).toEqual({ ...format.read(start), ...entries });
      for (const line of start.split('\n').filter((part) => part.trim().startsWith('#'))) expect(added).toContain(line);
      expect(format.add(added, entries)).toBe(added);
      expect(format.read(format.remove(added, entryNames))).toEqual(format.read(start));
    }
  });

  test('gets new entries in the place of old ones', () => {
    const twice = format.add(format.add(text, windows), electron);
    expect(format.read(twice)).toEqual({ ...format.read(text), ...electron });
  });

  test.each(['{', '[[', '"mcpServers": []', 'a = \n= 3', '{"mcpServers": 3}', '[]', 'mcp_servers = 1'])(
    'that cannot be read is an error, not a new file: %s',
    (bad) => {
      expect(() => format.add(bad, electron)).toThrow(/cannot be read|is no table/);
      expect(() => format.remove(bad, entryNames)).toThrow(/cannot be read|is no table/);
    },
  );
});

describe('.mcp.json in the form that its owner likes', () => {
  test.each([
    json,
    '{"mcpServers":{"mine":{"command":"x"}},"later":[1,   2]}',
    '{\n    "mcpServers": { "mine": { "command": "x" } } }\r\n',
  ])('keeps it, and gets it back to the byte when the entries go: %s', (text) => {
    const added = mcpJson.add(text, electron);
    expect(added).toContain(/"mine":.*?}/.exec(text)?.[0]);
    expect(mcpJson.remove(added, entryNames)).toBe(text);
  });
});

describe('config.toml in forms that are rare', () => {
  test('keeps its bytes around the entries, wherever they stand', () => {
    expect(codexToml.add(toml, electron).startsWith(toml)).toBe(true);
    const tables = toml.slice(toml.indexOf('[mcp_servers.other]'));
    expect(codexToml.remove(`${codexToml.add('', electron)}\n# about other\n${tables}`, entryNames)).toBe(
      `\n# about other\n${tables}`,
    );
  });

  test('is refused when it cannot be edited without changing something else', () => {
    const inline = `mcp_servers = { bregma-atlas = { command = "x" } }\n`;
    expect(() => codexToml.add(inline, electron)).toThrow(/cannot be edited safely/);
    const insideString = `text = """\n[mcp_servers.bregma-atlas]\n"""\n[other]\na = 1\n`;
    expect(() => codexToml.remove(insideString, entryNames)).toThrow(/cannot be edited safely/);
  });
});

describe('a configuration file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'bregma-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('that was made is removed by undoing it, and one that was there gets its very bytes back', () => {
    for (const client of Object.values(agentClients)) {
      const file = client.file(folder);
      const made = planConnect(file, client.format, electron);
      writeConfig(made);
      writeConfig(planDisconnect(file, client.format, entryNames, made));
      expect(existsSync(file)).toBe(false);
      const bytes = `\ufeff${client.id === 'codex' ? toml : json}`.replaceAll('\n', '\r\n');
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, bytes, { mode: 0o640 });
      const again = planConnect(file, client.format, electron);
      writeConfig(again);
      expect(statSync(file).mode & 0o777).toBe(0o640);
      writeConfig(planDisconnect(file, client.format, entryNames, again));
      expect(readFileSync(file, 'utf8')).toBe(bytes);
    }
  });

  test('that was connected twice gets back what was there before the first time', () => {
    const { format, file: fileIn } = agentClients['claude-code'];
    const file = fileIn(folder);
    writeFileSync(file, json);
    const first = planConnect(file, format, windows);
    writeConfig(first);
    const second = planConnect(file, format, electron);
    writeConfig(second);
    writeConfig(planDisconnect(file, format, entryNames, sinceFirst(second, first)));
    expect(readFileSync(file, 'utf8')).toBe(json);
  });

  test('that somebody changed since loses the entries alone', () => {
    const { format, file: fileIn } = agentClients.codex;
    const file = fileIn(folder);
    const made = planConnect(file, format, electron);
    writeConfig(made);
    writeFileSync(file, `${made.after}\n[mcp_servers.later]\ncommand = "z"\n`);
    writeConfig(planDisconnect(file, format, entryNames, made));
    expect(format.read(readConfig(file) ?? '')).toEqual({ later: { command: 'z' } });
  });

  test('that changed between the preview and the writing is left alone', () => {
    const { format, file: fileIn } = agentClients['claude-code'];
    const file = fileIn(folder);
    const made = planConnect(file, format, electron);
    writeFileSync(file, '{"mine": true}');
    expect(() => writeConfig(made)).toThrow(/was changed meanwhile/);
    expect(readFileSync(file, 'utf8')).toBe('{"mine": true}');
  });

  test('behind a link is written where the link leads; one that is no UTF-8 is refused', () => {
    const { format, file: fileIn } = agentClients['claude-code'];
    writeFileSync(path.join(folder, 'real.json'), '{}');
    symlinkSync(path.join(folder, 'real.json'), fileIn(folder));
    writeConfig(planConnect(fileIn(folder), format, electron));
    expect(format.read(readFileSync(path.join(folder, 'real.json'), 'utf8'))).toEqual(electron);
    writeFileSync(path.join(folder, 'real.json'), Buffer.from([0x7b, 0xff, 0x7d]));
    expect(() => planConnect(fileIn(folder), format, electron)).toThrow(/cannot be read/);
  });
});

describe('the Node that an entry names', () => {
  test('is `node` when the path leads to one that is new enough, else the editor’s own', async () => {
    const here = { PATH: path.dirname(process.execPath) };
    expect((await nodeForAgents(here)).command).toBe('node');
    expect(await nodeForAgents({ PATH: '' })).toEqual(editorNode());
  });
});
