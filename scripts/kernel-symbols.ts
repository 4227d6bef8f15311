/**
 * Looks for byte sequences with which the kernels' texts are shorter when they are packed, and writes them to `src/engine/kernelSymbols.ts`: each of many small changes, drawn at random, is kept where
 * gzip packs the texts no worse. `node scripts/kernel-symbols.ts [MINUTES [BUNDLE …]]` goes on from those that are there; `npm run build` then writes the texts with them. BUNDLE: what is to be small,
 * minified, with texts as they are now: characters that are frequent around a text cost less in it, too.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { kernelText, SEQUENCES } from './kernelText.ts';
import { SYMBOLS } from '../src/engine/kernelSymbols.ts';

const FILE = 'src/engine/kernelSymbols.ts';
const LONGEST = 10;
const modules = ['kernels', 'rareKernels', 'imageKernels'].map((name) => readFileSync(`build/${name}.wasm`));
const every = Buffer.concat(modules);

const [, , minutes = '5', ...paths] = process.argv;
const placeholder = (number: number): string => String.fromCharCode(1 + number);

/** Bundles with placeholders where the sequences and the texts stand; without one, the texts themselves. */
const frames =
  paths.length > 0
    ? paths.map((path) => {
        const bundle = readFileSync(path, 'utf8');
        const frame = [SYMBOLS, ...modules.map((bytes) => kernelText(bytes))].reduce(
          (text, own, k) => text.replace(own, placeholder(k)),
          bundle,
        );
        if (frame === bundle) throw new Error(`${path}: expected the kernels' texts as they are now.`);
        return frame;
      })
    : [[0, 1, 2, 3].map(placeholder).join("';export const KERNELS='")];

/** Bytes of all bundles. */
function cost(sequences: readonly string[]): number {
  const texts = [sequences.join(' '), ...modules.map((bytes) => kernelText(bytes, sequences))];
  const bundles = frames.map((frame) =>
    // A replacement that is given as a function is taken as it is.
    texts.reduce((bundle, own, k) => bundle.replace(placeholder(k), () => own), frame),
  );
  return bundles.reduce((sum, bundle) => sum + gzipSync(bundle, { level: 9 }).length, 0);
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
const ends = performance.now() + Number(minutes) * 60_000;
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
