import { BregmaError } from '@bregma/core/errors';

/** Throws `corrupt` where a triangle has a corner that is no vertex: a surface is drawn from it, and measured on it. */
export function checkTriangles(corners: ArrayLike<number | bigint>, vertices: number, name: string): void {
  for (let at = 0; at < corners.length; at++) {
    const corner = Number(corners[at]);
    if (corner >= 0 && corner < vertices) continue;
    throw new BregmaError(
      'corrupt',
      `${name}: triangle ${Math.floor(at / 3)} has the corner ${corner}, and there are ${vertices} vertices.`,
      {
        next: 'Copy the file again; nothing was added.',
      },
    );
  }
}

/** A file read front to back, big-endian, as FreeSurfer writes. Every read beyond its end throws `corrupt`. */
export class BigEndianReader {
  private at: number;
  private readonly bytes: Buffer;
  private readonly name: string;

  constructor(bytes: Buffer, name: string, at = 0) {
    this.bytes = bytes;
    this.name = name;
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** The next bytes, not copied. */
  take(length: number): Buffer {
    if (!(length >= 0) || length > this.left)
      throw new BregmaError(
        'corrupt',
        `${this.name} ends early: ${length} bytes should follow byte ${this.at}, ${this.left} do.`,
        {
          next: 'Copy the file again; nothing was added.',
        },
      );
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  int32(): number {
    return this.take(4).readInt32BE(0);
  }

  /** A text with its length before it; FreeSurfer ends it with a zero. */
  text(): string {
    return this.take(this.int32()).toString('utf8').replace(/\0.*$/s, '');
  }
}
