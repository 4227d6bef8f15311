import { isSquare } from './square.ts';
import type { RawExamples } from './parts.ts';
import { quoted, refuse, type Place } from './refuse.ts';

/** Beyond 512 × 512 pixels. */
const MOST_PIXELS = 262_144;

/**
 * LIBSVM's text, `label index:value …`, indices from 1 on and ascending, what is left out being 0: the form of USPS. The largest index is the number of pixels of a
 * square image. Throws E_DATA, with the line, for anything else.
 */
export function readLibsvm(bytes: Uint8Array, file: string): { examples: RawExamples; notes: string[] } {
  const rows: { line: number; label: string; cells: Float64Array }[] = [];
  const decoder = new TextDecoder();
  let pixels = 0;
  let line = 0;
  for (let at = 0; at < bytes.length;) {
    const found = bytes.indexOf(10, at);
    const end = found < 0 ? bytes.length : found;
    line++;
    const words = decoder.decode(bytes.subarray(at, end)).trim().split(/\s+/);
    at = end + 1;
    if (words[0] === '') continue;
    const cells = new Float64Array(2 * (words.length - 1));
    let last = 0;
    for (let k = 1; k < words.length; k++) {
      const [index, value] = words[k].split(':').map(Number);
      if (!(Number.isInteger(index) && index > last && index <= MOST_PIXELS && Number.isFinite(value))) {
        refuse(file, {
          at: `line ${line}`,
          expected: `index:value with an index from ${last + 1} to ${MOST_PIXELS}`,
          received: quoted(words[k]),
        });
      }
      cells[2 * k - 2] = last = index;
      cells[2 * k - 1] = value;
    }
    pixels = Math.max(pixels, last);
    rows.push({ line, label: words[0], cells });
  }
  const side = Math.sqrt(pixels);
  if (!isSquare(pixels)) {
    refuse(file, { expected: 'as many pixels as a square image has', received: String(pixels) });
  }
  // A sparse row names few of its pixels, so a small file could claim many.
  if (rows.length * pixels > bytes.length * 64) {
    refuse(file, {
      expected: 'rows that name at least every twentieth pixel or so',
      received: `${rows.length} rows of ${pixels} pixels in ${bytes.length} bytes`,
    });
  }
  const data = new Float32Array(rows.length * pixels);
  rows.forEach(({ cells }, i) => {
    for (let k = 0; k < cells.length; k += 2) data[i * pixels + cells[k] - 1] = cells[k + 1];
  });
  const place = (i: number): Place => ({ file, at: `line ${rows[i].line}` });
  return {
    examples: {
      images: { data, shape: [rows.length, side, side] },
      labels: rows.map(({ label }) => label),
      file,
      labelFile: file,
      labelAt: place,
      imageAt: place,
    },
    notes: ['LIBSVM’s rows of index:value'],
  };
}
