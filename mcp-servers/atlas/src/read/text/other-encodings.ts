import { isUtf8 } from 'node:buffer';

/** Encodings of other alphabets, as the WHATWG calls them, each with the letters that a text in it has. */
const others: [label: string, letters: RegExp][] = [
  ['shift_jis', /[\u3040-\u30ff\u4e00-\u9fff]/g],
  ['euc-jp', /[\u3040-\u30ff\u4e00-\u9fff]/g],
  ['gb18030', /[\u4e00-\u9fff]/g],
  ['big5', /[\u4e00-\u9fff]/g],
  ['euc-kr', /[\uac00-\ud7af]/g],
  ['windows-1251', /[\u0410-\u044f\u0401\u0451]/g],
  ['koi8-r', /[\u0410-\u044f\u0401\u0451]/g],
  ['windows-1253', /[\u0386-\u03ce]/g],
];

/**
 * What bytes that are no UTF-8 say in encodings of other alphabets, where they hardly are Windows-1252: there letters beyond ASCII stand
 * alone among others, or a byte is no character. Empty where Windows-1252 is likely. head: the first bytes of a file.
 */
export function otherReadings(head: Buffer): { label: string; word: string }[] {
  const bytes = head.subarray(0, 1 << 16);
  if (isUtf8(bytes) || !isForeign(bytes)) return [];
  return others.flatMap(([label, letters]) => {
    const text = decoded(bytes, label);
    const found = text?.match(letters)?.length ?? 0;
    const beyond = text?.match(/[^\0-\x7f]/g)?.length ?? 0;
    const word = text && /[^\s,;|"\0-\x7f]{1,20}/.exec(text)?.[0];
    return word && found > 0.8 * beyond ? [{ label, word }] : [];
  });
}

/** Bytes that are no character of Windows-1252. */
const unused = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
/** Signs of Windows-1252 among its controls that texts have: …, quotation marks, a bullet, dashes, ™, €. */
const usual = new Set([0x80, 0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99]);

/** Whether a byte is no character of Windows-1252, or most beyond ASCII stand beside another one or are rare signs. */
function isForeign(bytes: Buffer): boolean {
  let [beyond, strange] = [0, 0];
  for (const [i, byte] of bytes.entries()) {
    if (byte < 0x80) continue;
    if (unused.has(byte)) return true;
    beyond++;
    if (bytes[i - 1] >= 0x80 || bytes[i + 1] >= 0x80 || (byte < 0xa0 && !usual.has(byte))) strange++;
  }
  return strange >= beyond / 2;
}

/** The text of bytes whose last character may be cut. */
function decoded(bytes: Buffer, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}
