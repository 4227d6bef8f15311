/** What a pen drew, one drawing a line of JSON: `node examples/read-strokes.ts drawn.ndjson`. Without a file, a seven of two strokes. */
import { readFileSync } from 'node:fs';
import { readStrokes, shippedReader } from 'dactyl';

/** x₀, y₀, x₁, y₁, …, y downwards, in any unit. */
const SEVEN = [
  [0, 0, 60, 0, 45, 40, 30, 100],
  [20, 50, 60, 50],
];

const [path] = process.argv.slice(2) as (string | undefined)[];
const drawings =
  path === undefined
    ? [SEVEN]
    : readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { strokes: number[][] }).strokes);
const reader = await shippedReader();
for (const strokes of drawings) {
  for (const { text, digits, notSure } of readStrokes(strokes, reader).numbers) {
    const [{ digit, second, confidence }] = digits;
    console.log(notSure === undefined ? text : `${text}  not sure: ${notSure}`);
    console.log(`  first digit: ${digit} with ${confidence.toFixed(3)}, else ${second}`);
  }
}
