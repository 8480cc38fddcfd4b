type Child = Node | string | null | undefined | false;

/** Makes an element. Text is always set as text: nothing that a data set or an agent wrote can become markup. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string | boolean | EventListener | undefined> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

/** Control and direction characters made visible, and long text cut: a displayed string cannot reorder or flood its surroundings. */
export function plain(value: unknown, most = 2000): string {
  const text = String(value ?? '');
  const cut = text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
  return cut.replace(hidden, (character) => `⟨${character.codePointAt(0)?.toString(16).padStart(4, '0')}⟩`);
}

// Controls but tab and newline; formatting characters: bidirectional overrides, zero-width characters, byte order mark.
const hidden = /(?![\t\n])[\p{Cc}\p{Cf}]/gu;
