import { ANEW, refuse } from './refuse.ts';

/** The most that a packed file may become: 1 GiB, sixteen times all of MNIST as floats. */
export const MOST_UNPACKED = 0x4000_0000;

/** Deflate makes at most 1,032 bytes of one. */
const MOST_RATIO = 1032;

/**
 * Deflated bytes, inflated by the runtime's own `DecompressionStream`, which checks length and CRC of gzip and refuses what follows the end. It is
 * stopped at `most` bytes. Throws E_DATA for what is damaged or becomes more.
 */
export async function inflate(
  bytes: Uint8Array,
  file: string,
  format: 'gzip' | 'deflate-raw',
  most = MOST_UNPACKED,
): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream(format));
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => damaged(file, format, length));
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel().catch(() => undefined);
      return tooMuch(file, most);
    }
    chunks.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** The first bytes of what gzip packed, some thousands at most; nothing for what is damaged from the start. */
export async function inflatedHead(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const reader = stream.pipeThrough(new DecompressionStream('gzip')).getReader();
  const { value } = await reader.read().catch(() => ({ value: undefined }));
  await reader.cancel().catch(() => undefined);
  return value ?? new Uint8Array(0);
}

/** Throws E_DATA where `length` bytes are more than `packed` bytes of deflate can hold, or than is unpacked. */
export function requireInflatable(file: string, packed: number, length: number): void {
  if (length > MOST_UNPACKED) tooMuch(file, MOST_UNPACKED);
  if (length <= packed * MOST_RATIO + MOST_RATIO) return;
  refuse(file, {
    expected: `at most ${packed * MOST_RATIO} bytes, which is what ${packed} deflated bytes can hold`,
    received: `a promise of ${length}`,
    remedy: ANEW,
  });
}

function damaged(file: string, format: string, length: number): never {
  return refuse(file, {
    expected: format === 'gzip' ? 'one gzip stream to its end, with its checksum' : 'deflated data',
    received: `a fault after ${length} unpacked bytes`,
    remedy: `${ANEW} (gzip -t and unzip -t find the same fault.)`,
  });
}

function tooMuch(file: string, most: number): never {
  return refuse(file, {
    expected: `at most ${most} unpacked bytes`,
    received: 'more',
    remedy: 'If it is no hoax, give fewer or smaller images.',
  });
}
