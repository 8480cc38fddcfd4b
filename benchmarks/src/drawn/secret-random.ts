import { createCipheriv, createHash } from 'node:crypto';
import { type Random, streamOf } from '@bregma/core/statistics/random';

const zeros = Buffer.alloc(4096);

/** Random numbers that nobody without the secret can foretell from those that they saw: the key stream of AES-256 in counter mode. */
export function secretRandom(secret: string, label: string): Random {
  const key = createHash('sha256').update(`${secret}\n${label}`).digest();
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  let block = new Uint32Array(0);
  let at = 0;
  const next = () => {
    if (at === block.length) {
      // A copy starts where numbers of four bytes may.
      block = new Uint32Array(Uint8Array.from(stream.update(zeros)).buffer);
      at = 0;
    }
    return block[at++];
  };
  return streamOf(next, (more) => secretRandom(secret, `${label}\n${more}`));
}
