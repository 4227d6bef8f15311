/**
 * Looks for byte sequences with which the kernels' texts are shorter when they are packed, and writes them to `src/engine/kernelSymbols.ts`: each of many small changes, drawn at random, is kept where
 * gzip packs the texts no worse. `node scripts/kernel-symbols.ts [MINUTES]` goes on from those that are there; `npm run build` then writes the texts with them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { kernelText, SEQUENCES } from './kernelText.ts';

const FILE = 'src/engine/kernelSymbols.ts';
const LONGEST = 10;
const modules = ['kernels', 'rareKernels', 'imageKernels'].map((name) => readFileSync(`build/${name}.wasm`));
const every = Buffer.concat(modules);

/** Bytes of a bundle with the first module, twice, and of one with all. */
function cost(sequences: readonly string[]): number {
  const texts = modules.map((bytes) => kernelText(bytes, sequences));
  const packed = (several: readonly string[]): number =>
    gzipSync([sequences.join(' '), ...several].join("';export const KERNELS='"), { level: 9 }).length;
  return 2 * packed(texts.slice(0, 1)) + packed(texts);
}

const below = (count: number): number => Math.floor(Math.random() * count);

/** Another sequence somewhere, a shorter one, or two in each other's places. */
function changed(sequences: readonly string[]): string[] {
  const next = [...sequences];
  const place = below(next.length);
  const old = next[place];
  const draw = below(4);
  if (draw === 0 && old.length > 2) next[place] = old.slice(0, -2);
  else if (draw === 1) {
    const other = below(next.length);
    [next[place], next[other]] = [next[other], old];
  } else {
    const at = below(every.length - LONGEST);
    next[place] = every.toString('hex', at, at + 1 + below(below(LONGEST) + 1));
  }
  return new Set(next).size === next.length ? next : [...sequences];
}

let sequences = [...SEQUENCES];
let least = cost(sequences);
console.log(`${least} bytes before`);
const ends = performance.now() + Number(process.argv[2] ?? 5) * 60_000;
while (performance.now() < ends) {
  const next = changed(sequences);
  const bytes = cost(next);
  if (bytes > least) continue;
  if (bytes < least) console.log(bytes);
  least = bytes;
  sequences = next;
}
const text = readFileSync(FILE, 'utf8');
writeFileSync(FILE, text.replace(/'.*'/, `'${sequences.join(' ')}'`));
