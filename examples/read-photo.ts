/** The numbers that stand on a photo: `node examples/read-photo.ts photo.jpg`. */
import { loadPicture, readDigits, shippedReader } from 'dactyl';

const [path = 'photo.jpg'] = process.argv.slice(2);
const { numbers, notes } = readDigits(await loadPicture(path), await shippedReader());
for (const { text, confidence, notSure, box } of numbers) {
  const place = `at ${box.left}, ${box.top}`;
  console.log(
    `${text}  ${confidence.toFixed(3)}  ${place}${notSure === undefined ? '' : `  not sure: ${notSure}`}`,
  );
}
for (const note of notes) console.log(note);
