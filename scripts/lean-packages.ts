// What packages bring twice, or for what is not done here, is left out of the programs.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'esbuild';

const sdk = (root: string, part: 'client' | 'server') =>
  path.join(root, 'node_modules/@modelcontextprotocol', part, 'dist');

/** Text without what names files of its own package. */
const apart = (file: string) =>
  readFileSync(file, 'utf8').replaceAll(/"\.\/[^"]+\.mjs"|\/\/# sourceMappingURL=.*/g, '');

/**
 * The parts of the MCP SDK that check schemas (Ajv, 150 kB) are the same file in client and server: programs get that of the server.
 * Throws where an update has made them differ.
 */
export const oneAjv = (root: string): Plugin => ({
  name: 'one-ajv',
  setup({ onResolve }) {
    const [own, same] = (['client', 'server'] as const).map((part) => {
      const found = readdirSync(sdk(root, part)).filter((name) => /^ajvProvider-\w+\.mjs$/.test(name));
      if (found.length !== 1) throw new Error(`The MCP SDK's ${part} has ${found.length} modules of Ajv, not one.`);
      return path.join(sdk(root, part), found[0]);
    });
    if (apart(own) !== apart(same)) throw new Error("The modules of Ajv in the MCP SDK's client and server differ.");
    onResolve({ filter: /\/ajvProvider-\w+\.mjs$/ }, ({ importer }) =>
      path.dirname(importer) === sdk(root, 'client') ? { path: same } : undefined,
    );
  },
});

/** linkedom reads style sheets (200 kB) where they are asked for as objects: no figure and no page asks. */
export const noStyleSheets: Plugin = {
  name: 'no-style-sheets',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cssomnom\/parse$/ }, () => ({ path: 'cssomnom', namespace: 'left-out' }));
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents: "export const parse = () => { throw new Error('Style sheets are not read here.'); };",
    }));
  },
};

/**
 * The editor takes the MCP client (320 kB) from the programs that travel with it, where `core/src/mcp/client-sdk.ts` has a file of
 * its own. It is loaded by the first call, from a chunk: `chunks/` lies beside `servers/`.
 */
export const clientOfPrograms: Plugin = {
  name: 'client-of-programs',
  setup({ onResolve }) {
    onResolve({ filter: /\/client-sdk\.ts$/ }, () => ({ path: '../servers/client-sdk.mjs', external: true }));
  },
};
