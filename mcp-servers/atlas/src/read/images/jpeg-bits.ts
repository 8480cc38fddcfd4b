/** A Huffman table: what a code of each length stands for. */
export type Huffman = readonly { readonly first: number; readonly symbols: Uint8Array }[];

/** Builds the codes of a DHT segment (ITU-T T.81, C.2). counts: how many codes there are of 1 to 16 bits, symbols: in their order. */
export function huffman(counts: Uint8Array, symbols: Uint8Array): Huffman {
  let [first, at] = [0, 0];
  return Array.from(counts, (count) => {
    const length = { first, symbols: symbols.subarray(at, at + count) };
    first = (first + count) << 1;
    at += count;
    return length;
  });
}

/** Reads the bits of a scan and gives each one on to who wants a copy of it. */
export class ScanBits {
  /** Where the next byte of the file is. */
  at: number;
  /** Who gets a copy of the bits that are read. */
  copies: readonly BitWriter[] = [];
  private readonly bytes: Uint8Array;
  private held = 0;
  private left = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** The symbol of the next code. Throws when no code begins with these bits. */
  symbol(table: Huffman): number {
    let code = 0;
    for (const { first, symbols } of table) {
      code = (code << 1) | this.bit();
      if (code - first < symbols.length) return symbols[code - first];
    }
    throw new Error('its data hold a code that its tables do not know');
  }

  skip(bits: number): void {
    for (let i = 0; i < bits; i++) this.bit();
  }

  /** Steps over a restart marker, which begins at a byte, and returns its second byte. Throws when another thing is there. */
  restart(): number {
    this.left = 0;
    while (this.bytes[this.at] === 0xff && this.bytes[this.at + 1] === 0xff) this.at++;
    const marker = this.bytes[this.at + 1];
    if (this.bytes[this.at] !== 0xff || marker < 0xd0 || marker > 0xd7) throw new Error('a restart marker is missing');
    this.at += 2;
    return marker;
  }

  private bit(): number {
    if (this.left === 0) {
      this.held = this.bytes[this.at++];
      // A byte 255 of the data is followed by 0; by anything else it begins a marker (B.1.1.5).
      if (this.held === undefined || (this.held === 0xff && this.bytes[this.at++] !== 0))
        throw new Error('its data end early');
      this.left = 8;
    }
    const bit = (this.held >> --this.left) & 1;
    for (const copy of this.copies) copy.bit(bit);
    return bit;
  }
}

/** Writes a JPEG: whole segments, and bits between them. */
export class BitWriter {
  private bytes: Uint8Array<ArrayBuffer>;
  private length = 0;
  private held = 0;
  private count = 0;

  /** room: bytes that it will take, about. */
  constructor(room: number) {
    this.bytes = new Uint8Array(room);
  }

  append(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.bytes.length) this.grow(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  bit(bit: number): void {
    this.held = (this.held << 1) | bit;
    if (++this.count < 8) return;
    if (this.length + 2 > this.bytes.length) this.grow(2);
    this.bytes[this.length++] = this.held;
    if (this.held === 0xff) this.bytes[this.length++] = 0;
    [this.held, this.count] = [0, 0];
  }

  /** Fills the last byte with ones (F.1.2.3). */
  align(): void {
    while (this.count > 0) this.bit(1);
  }

  written(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }

  private grow(by: number): void {
    const larger = new Uint8Array(2 * this.bytes.length + by);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
