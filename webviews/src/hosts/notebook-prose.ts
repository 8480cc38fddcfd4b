/** The parts of markdown-it and of VS Code's Markdown renderer that are used here. */
interface Token {
  content: string;
}
type Rule = (tokens: Token[], index: number, options: unknown, env: unknown, self: unknown) => string;
interface MarkdownIt {
  core: { ruler: { before(other: string, name: string, rule: (state: { src: string; env: unknown }) => void): void } };
  renderer: { rules: Record<string, Rule | undefined> };
}
interface RendererContext {
  getRenderer(id: string): Promise<{ extendMarkdownIt(extend: (markdown: MarkdownIt) => void): void } | undefined>;
}

/**
 * Keeps prose of Bregma notebooks from running anything: VS Code itself puts HTML of a Markdown cell into its page as it is once
 * a workspace is trusted, and people trust folders in which agents write. Other notebooks are left as they are.
 */
export async function activate(context: RendererContext): Promise<void> {
  const renderer = await context.getRenderer('vscode.markdown-it-renderer');
  renderer?.extendMarkdownIt((markdown) => {
    markdown.core.ruler.before('normalize', 'bregma-visible', (state) => {
      if (isOurs(state.env)) state.src = visible(state.src);
    });
    for (const name of ['html_block', 'html_inline']) {
      const usual = markdown.renderer.rules[name];
      markdown.renderer.rules[name] = (tokens, index, options, env, self) => {
        const { content } = tokens[index];
        if (!isOurs(env)) return usual?.(tokens, index, options, env, self) ?? content;
        return /^<!--[\s\S]*-->\s*$/.test(content) ? '' : asText(content);
      };
    }
  });
}

/** A cell whose metadata says that it is prose of a Bregma notebook. */
function isOurs(env: unknown): boolean {
  // SAFETY: Markdown-it hands on whatever the notebook gave; each member may be absent, and the last is compared.
  const item = (env as { outputItem?: { metadata?: { prose?: unknown } } } | undefined)?.outputItem;
  return item?.metadata?.prose === true;
}

const asText = (html: string) => html.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

// Controls but tab and line ends, and what changes the direction of writing. Joiners stay: scripts and emoji need them.
const reordering = /(?![\t\r\n])\p{Cc}|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const visible = (text: string) =>
  text.replace(reordering, (character) => `⟨${character.codePointAt(0)?.toString(16).padStart(4, '0')}⟩`);
