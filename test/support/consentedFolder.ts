import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';

/** One image of such a folder: every pixel is `value`. */
export interface ConsentedImage {
  readonly consent: string;
  readonly item: number;
  readonly label: string;
  readonly value: number;
}

/** Writes a folder as the server exports it for training; the manifest with `changes`. */
export function writeConsented(
  folder: string,
  images: readonly ConsentedImage[],
  changes: Readonly<Record<string, unknown>> = {},
): string {
  mkdirSync(folder, { recursive: true });
  const rows = images.map(({ consent, item, label, value }) => {
    const data = new Uint8Array(784).fill(value);
    const png = encode({ width: 28, height: 28, channels: 1, depth: 8, data });
    writeFileSync(join(folder, `${consent}-${item}.png`), png);
    return { consent, item, label, sha256: createHash('sha256').update(data).digest('hex') };
  });
  const manifest = {
    format: 'dactyl-consented/1',
    shape: [28, 28],
    classes: [...'0123456789'],
    images: rows,
    erased: [],
    ...changes,
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}
