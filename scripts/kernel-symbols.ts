/**
 * Looks for byte sequences with which the kernels' texts are shorter when they are packed, and writes them to `src/engine/kernelSymbols.ts`: each of many small changes, drawn at random, is kept where
 * gzip packs the texts no worse. `node scripts/kernel-symbols.ts [MINUTES [BUNDLE]]` goes on from those that are there; `npm run build` then writes the texts with them. BUNDLE: what is to be small, a
 * minified bundle with the first module's text as it is now: characters that are frequent around the text cost less in it, too.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { kernelText, SEQUENCES } from './kernelText.ts';
import { SYMBOLS } from '../src/engine/kernelSymbols.ts';

const FILE = 'src/engine/kernelSymbols.ts';
const LONGEST = 10;
const modules = ['kernels', 'rareKernels', 'imageKernels'].map((name) => readFileSync(`build/${name}.wasm`));
const every = Buffer.concat(modules);

const [, , minutes = '5', path] = process.argv;
const bundle =
  path === undefined
    ? `${SYMBOLS}';export const KERNELS='${kernelText(modules[0])}`
    : readFileSync(path, 'utf8');
const [SEQUENCES_HERE, TEXT_HERE] = ['\u0001', '\u0002'];
const frame = bundle.replace(SYMBOLS, SEQUENCES_HERE).replace(kernelText(modules[0]), TEXT_HERE);
if (!frame.includes(SEQUENCES_HERE) || !frame.includes(TEXT_HERE))
  throw new Error(
    `${path}: expected a bundle with the sequences and the first module's text as they are now.`,
  );

const packed = (text: string): number => gzipSync(text, { level: 9 }).length;

/** Bytes of the bundle with the first module, twice, and of all texts. */
function cost(sequences: readonly string[]): number {
  const texts = modules.map((bytes) => kernelText(bytes, sequences));
  const joined = sequences.join(' ');
  // A replacement that is given as a function is taken as it is.
  const whole = frame.replace(SEQUENCES_HERE, () => joined).replace(TEXT_HERE, () => texts[0]);
  return 2 * packed(whole) + packed([joined, ...texts].join("';export const KERNELS='"));
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
