import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { nativePackages } from '@bregma/core/native';

/**
 * An npm registry on this machine that has the native packages at their versions. Each is one line that passes on what this
 * repository has installed, so that npm's part is the real one and nothing of 500 MB is copied.
 */
export async function openRegistry(place: string) {
  const work = mkdtempSync(path.join(tmpdir(), 'bregma-registry-'));
  const tarballs = new Map(
    Object.entries(nativePackages).map(([name, { version }]) => [name, pack(work, name, version)]),
  );
  const fetched = new Set<string>();
  let held: (() => void)[] | undefined;
  const server = createServer((request, response) => {
    const wanted = decodeURIComponent(request.url ?? '').slice(1);
    const answer = () => {
      const name = [...tarballs.keys()].find((known) => wanted === known || wanted === `${known}.tgz`);
      if (!name) return void response.writeHead(404).end('{}');
      if (wanted === name) return packument(response, name);
      fetched.add(name);
      response.end(tarballs.get(name));
    };
    if (held) held.push(answer);
    else answer();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  function packument(response: ServerResponse, name: string): void {
    const { version } = nativePackages[name as keyof typeof nativePackages];
    const made = { name, version, dist: { tarball: `${url}${encodeURIComponent(name)}.tgz` } };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: made } }));
  }

  return {
    env: { npm_config_registry: url, npm_config_cache: path.join(place, 'npm-cache') },
    /** Requests wait until `release`. */
    hold: () => {
      held = [];
    },
    release: () => {
      for (const answer of held ?? []) answer();
      held = undefined;
    },
    /** Names of the packages whose files were fetched. */
    fetched: () => [...fetched].sort(),
    close: () => {
      server.closeAllConnections();
      server.close();
      rmSync(work, { recursive: true, force: true });
    },
  };
}

function pack(work: string, name: string, version: string): Buffer {
  const folder = mkdtempSync(path.join(work, 'package-'));
  const inside = path.join(folder, 'package');
  mkdirSync(inside);
  const real = pathToFileURL(createRequire(import.meta.url).resolve(name)).href;
  writeFileSync(path.join(inside, 'package.json'), JSON.stringify({ name, version, type: 'module', main: 'index.js' }));
  writeFileSync(path.join(inside, 'index.js'), `export * from ${JSON.stringify(real)};\n`);
  const file = path.join(folder, 'package.tgz');
  const { status, stderr } = spawnSync('tar', ['-czf', file, '-C', folder, 'package'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tar: ${stderr}`);
  return readFileSync(file);
}
