import { BitWriter, type Huffman, huffman, ScanBits } from './jpeg-bits.ts';

/**
 * A JPEG of four components as two of three, for a decoder that gives three. Nothing is decoded: the bits of each block are copied,
 * and both parts have the sampling of the whole, so that a decoder does with them what it would have done with all four.
 */
export interface SplitJpeg {
  /** Components 1, 2 and 3: RGB, or YCbCr where `ycck`. */
  colours: Uint8Array<ArrayBuffer>;
  /** Component 4 in the place of blue, behind two of the others, all without a change of colours. */
  black: Uint8Array<ArrayBuffer>;
  /** Whether the first three are luma and chroma of the complement (Adobe's colour transform 2). */
  ycck: boolean;
}

interface Component {
  id: number;
  /** Blocks of it in each unit of an interleaved scan, across and down. */
  across: number;
  down: number;
  /** How the frame header describes it. */
  raw: Uint8Array;
}
interface Frame {
  /** Of B.2.2: precision, height and width. */
  size: Uint8Array;
  marker: number;
  components: Component[];
  /** Units of an interleaved scan. */
  units: number;
}
interface Part {
  out: BitWriter;
  keeps: readonly Component[];
}
/** Which table codes the blocks of which component in a scan. */
interface Coded {
  component: Component;
  raw: Uint8Array;
  dc: number;
  ac: number;
}

const tableMarkers = [0xc4, 0xdb, 0xdd];
const [sequential, extended, progressive] = [0xc0, 0xc1, 0xc2];
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Splits a sequential or progressive JPEG with Huffman codes. Throws on damage, and where its scans have an order that cannot be split. */
export function splitJpeg(bytes: Uint8Array): SplitJpeg {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<number, Huffman>();
  const outs = [new BitWriter(bytes.length), new BitWriter(bytes.length)];
  for (const out of outs) out.append(Uint8Array.of(0xff, 0xd8));
  let [every, transform] = [0, 0];
  let frame: Frame | undefined;
  let parts: Part[] | undefined;
  for (let at = 2; ; ) {
    if (at + 4 > bytes.length && bytes[at + 1] !== 0xd9) throw new Error('its data end early');
    if (bytes[at] !== 0xff) throw new Error('its segments do not follow each other');
    const marker = bytes[at + 1];
    if (marker === 0xd9) break;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    const content = bytes.subarray(at + 4, end);
    if (marker === 0xee && Buffer.from(content.subarray(0, 5)).toString('latin1') === 'Adobe') transform = content[11];
    if (marker === 0xdd) every = view.getUint16(at + 4);
    if (marker === 0xc4) defineTables(content, tables);
    if (isFrame(marker)) frame = frameOf(marker, content);
    if (tableMarkers.includes(marker)) for (const out of outs) out.append(bytes.subarray(at, end));
    at = end;
    if (marker !== 0xda) continue;
    if (!frame) throw new Error('its data begin before its size is given');
    parts ??= begin(frame, outs, transform !== 0);
    at = splitScan(bytes, at, content, { frame, parts, tables, every });
  }
  if (!parts) throw new Error('it holds no data');
  for (const out of outs) out.append(Uint8Array.of(0xff, 0xd9));
  return { colours: outs[0].written(), black: outs[1].written(), ycck: transform !== 0 };
}

/** The codes of a DHT segment, by its class (0: DC, 16: AC) and number. */
function defineTables(content: Uint8Array, tables: Map<number, Huffman>): void {
  for (let at = 0; at + 17 <= content.length; ) {
    const counts = content.subarray(at + 1, at + 17);
    const end = at + 17 + counts.reduce((sum, count) => sum + count, 0);
    tables.set(content[at], huffman(counts, content.subarray(at + 17, end)));
    at = end;
  }
}

function frameOf(marker: number, content: Uint8Array): Frame {
  if (![sequential, extended, progressive].includes(marker))
    throw new Error('its four components are coded in a rare way (save it as RGB)');
  const components = Array.from({ length: 4 }, (_, i): Component => {
    const raw = content.subarray(6 + 3 * i, 9 + 3 * i);
    return { id: raw[0], across: raw[1] >> 4, down: raw[1] & 15, raw };
  });
  if (components.some(({ across, down }) => !(across >= 1 && across <= 4 && down >= 1 && down <= 4)))
    throw new Error('its frame header is damaged');
  const [height, width] = [content[1] * 256 + content[2], content[3] * 256 + content[4]];
  const units = (size: number, blocks: (component: Component) => number) =>
    Math.ceil(size / (8 * Math.max(...components.map(blocks))));
  return {
    size: content.subarray(0, 5),
    marker,
    components,
    units: units(width, ({ across }) => across) * units(height, ({ down }) => down),
  };
}

/** Which components each part keeps, and the begin of each. The part of black leaves one out that is not alone in being sampled most densely. */
function begin({ components, size, marker }: Frame, outs: BitWriter[], ycck: boolean): Part[] {
  const most = (kept: readonly Component[]) =>
    [Math.max(...kept.map(({ across }) => across)), Math.max(...kept.map(({ down }) => down))].join();
  const three = [0, 1, 2].map((without) => components.filter((_, i) => i !== without));
  const withBlack = three.find((kept) => most(kept) === most(components));
  const colours = components.slice(0, 3);
  if (!withBlack || most(colours) !== most(components))
    throw new Error('its black is sampled more densely than its colours (save it as RGB)');
  return [colours, withBlack].map((keeps, i) => {
    outs[i].append(segment(0xee, [...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, ycck && i === 0 ? 1 : 0]));
    outs[i].append(segment(marker, [...size, 3, ...keeps.flatMap(({ raw }) => [...raw])]));
    return { out: outs[i], keeps };
  });
}

/** Copies one scan into the parts that keep components of it. at: where its data begin. Returns where they end. */
function splitScan(
  bytes: Uint8Array,
  at: number,
  header: Uint8Array,
  { frame, parts, tables, every }: { frame: Frame; parts: Part[]; tables: Map<number, Huffman>; every: number },
): number {
  const coded = Array.from({ length: header[0] }, (_, i): Coded => {
    const raw = header.subarray(1 + 2 * i, 3 + 2 * i);
    const component = frame.components.find(({ id }) => id === raw[0]);
    if (!component) throw new Error('a scan has a component that its frame does not name');
    return { component, raw, dc: raw[1] >> 4, ac: 16 + (raw[1] & 15) };
  });
  const taking = parts.filter(({ keeps }) => coded.some(({ component }) => keeps.includes(component)));
  for (const { out, keeps } of taking) {
    const kept = coded.filter(({ component }) => keeps.includes(component));
    if (kept.length === 1 && coded.length > 1 && kept[0].component.across * kept[0].component.down > 1)
      throw new Error('its scans pair components in a rare way (save it as RGB)');
    out.append(segment(0xda, [kept.length, ...kept.flatMap(({ raw }) => [...raw]), ...header.subarray(-3)]));
  }
  if (coded.length === 1) {
    const end = endOfScan(bytes, at);
    for (const { out } of taking) out.append(bytes.subarray(at, end));
    return end;
  }
  return splitUnits(bytes, at, taking, {
    units: frame.units,
    every,
    blocks: coded.flatMap((one) => {
      const copies = taking.filter(({ keeps }) => keeps.includes(one.component)).map(({ out }) => out);
      const step = stepOf(frame.marker, header, one, tables);
      return Array.from({ length: one.component.across * one.component.down }, () => ({ copies, step }));
    }),
  });
}

/** Goes through a scan of several components, unit by unit, and gives the bits of each block to the parts that keep it. */
function splitUnits(
  bytes: Uint8Array,
  at: number,
  taking: Part[],
  scan: { units: number; every: number; blocks: { copies: BitWriter[]; step: (bits: ScanBits) => void }[] },
): number {
  const bits = new ScanBits(bytes, at);
  for (let unit = 0; unit < scan.units; unit++) {
    if (scan.every > 0 && unit > 0 && unit % scan.every === 0) {
      const marker = bits.restart();
      for (const { out } of taking) {
        out.align();
        out.append(Uint8Array.of(0xff, marker));
      }
    }
    for (const { copies, step } of scan.blocks) {
      bits.copies = copies;
      step(bits);
    }
  }
  for (const { out } of taking) out.align();
  return bits.at;
}

/** How one block of a component is stepped over (F.1.2, G.1.2). */
function stepOf(
  marker: number,
  header: Uint8Array,
  one: Coded,
  tables: Map<number, Huffman>,
): (bits: ScanBits) => void {
  const table = (key: number) => {
    const found = tables.get(key);
    if (!found) throw new Error('a scan names a table that is not there');
    return found;
  };
  const [from, , approximation] = header.subarray(-3);
  if (marker === progressive) {
    if (from > 0) throw new Error('a scan of details has several components');
    if (approximation >> 4 > 0) return (bits) => bits.skip(1);
  }
  const dc = table(one.dc);
  if (marker === progressive) return (bits) => bits.skip(bits.symbol(dc));
  const ac = table(one.ac);
  return (bits) => {
    bits.skip(bits.symbol(dc));
    for (let k = 1; k < 64; k++) {
      const symbol = bits.symbol(ac);
      const [run, size] = [symbol >> 4, symbol & 15];
      if (size === 0 && run < 15) return;
      k += run;
      bits.skip(size);
    }
  };
}

/** Where the data of a scan end: at the next marker that neither restarts it nor stands for a byte 255. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1];
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  throw new Error('its data end early');
}

function segment(marker: number, content: number[]): Uint8Array {
  const length = content.length + 2;
  return Uint8Array.of(0xff, marker, length >> 8, length & 255, ...content);
}
