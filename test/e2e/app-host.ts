import type { Client } from '@modelcontextprotocol/client';
import { build } from 'esbuild';
import type { Browser, Frame, Page } from 'playwright-core';
import { root } from '../fixtures/client.ts';

/** A chat host in a page: the official AppBridge around a sandboxed frame, answered by a real client. */
export interface AppHost {
  page: Page;
  app: Frame;
  /** Messages that the app has asked to send, oldest first. */
  messages: string[];
  /** What the browser complained of: policy violations, errors. */
  complaints: string[];
}

const hostPage = `
import { AppBridge, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge';
globalThis.openApp = async ({ html, context, input, result }) => {
  const frame = document.createElement('iframe');
  frame.sandbox = 'allow-scripts';
  frame.style = 'width:100%;height:700px;border:0';
  document.body.append(frame);
  const bridge = new AppBridge(null, { name: 'test-host', version: '1' }, { serverTools: {}, serverResources: {} }, { hostContext: context });
  bridge.oncalltool = (params) => globalThis.callTool(params);
  bridge.onreadresource = (params) => globalThis.readResource(params);
  bridge.onmessage = async (params) => (await globalThis.tookMessage(params), {});
  const ready = new Promise((resolve) => { bridge.oninitialized = resolve; });
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  frame.srcdoc = html;
  await ready;
  await bridge.sendToolInput({ arguments: input });
  await bridge.sendToolResult(result);
  globalThis.bridge = bridge;
};`;

/** Opens the app of a tool in the host, with the result of a real call. */
export async function openApp(
  browser: Browser,
  client: Client,
  call: { name: string; arguments: Record<string, unknown> },
  theme: 'light' | 'dark' = 'light',
): Promise<AppHost> {
  const { tools } = await client.listTools();
  const tool = tools.find(({ name }) => name === call.name);

  const ui = tool?._meta?.ui as { resourceUri: string } | undefined;
  if (!ui) throw new Error(`No tool ${call.name} with a view.`);
  const { contents } = await client.readResource({ uri: ui.resourceUri });
  const result = await client.callTool(call);
  const bundle = await build({
    stdin: { contents: hostPage, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    logLevel: 'error',
  });
  const page = await browser.newPage({ viewport: { width: 900, height: 740 }, colorScheme: theme });
  const complaints: string[] = [];
  const messages: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.exposeFunction('callTool', (params: never) => client.callTool(params));
  await page.exposeFunction('readResource', (params: never) => client.readResource(params));
  await page.exposeFunction('tookMessage', (params: { content: { text: string }[] }) =>
    messages.push(params.content[0].text),
  );
  await page.setContent('<!doctype html><html lang="en"><title>Host</title><body></body></html>');
  await page.addScriptTag({ content: bundle.outputFiles[0].text });
  const context = { theme, toolInfo: { tool } };
  const given = { html: (contents[0] as { text: string }).text, context, input: call.arguments, result };
  const opened = await page.evaluateHandle('globalThis.openApp');
  await opened.evaluate(async (open, values) => (open as (values: unknown) => Promise<void>)(values), given as unknown);
  const app = page.frames().find((frame) => frame.parentFrame() === page.mainFrame());
  if (!app) throw new Error('The host has no frame.');
  return { page, app, messages, complaints };
}
