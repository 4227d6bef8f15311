/** The numbers that stand on a photo: `node examples/read-photo.ts photo.jpg`. */
import { loadPicture, readDigits, shippedReader } from 'dactyl';

const [path] = process.argv.slice(2) as (string | undefined)[];
if (path === undefined) {
  console.error('Usage: node examples/read-photo.ts photo.jpg');
  process.exit(1);
}
const { numbers, notes } = readDigits(await loadPicture(path), await shippedReader());
for (const { text, confidence, notSure, box } of numbers) {
  const place = `at ${box.left}, ${box.top}`;
  console.log(
    `${text}  ${confidence.toFixed(3)}  ${place}${notSure === undefined ? '' : `  not sure: ${notSure}`}`,
  );
}
for (const note of notes) console.log(note);
