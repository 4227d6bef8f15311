/**
 * Reads pictures, takes your corrections and trains the reader on them: `node examples/correct-and-train.ts scans corrections.csv own.safetensors`. A line of corrections is
 * the name of a picture and the number that stands on it: `007.png,2026`. The new reader is for `dactyl predict own.safetensors photo.jpg`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Adam, encodeReader, loadMnist, loadPicture, Random, readDigits, shippedReader } from 'dactyl';

const [folder, corrections, out = 'own.safetensors'] = process.argv.slice(2) as (string | undefined)[];
if (folder === undefined || corrections === undefined) {
  console.error('Usage: node examples/correct-and-train.ts scans corrections.csv [own.safetensors]');
  process.exit(1);
}
/** How often each corrected digit is shown, among so many of MNIST's that what was learnt before is kept. */
const [TIMES, OTHERS] = [20, 6000];

const reader = await shippedReader();
const corrected: { image: Uint8Array; label: number }[] = [];
let wrong = 0;
for (const line of readFileSync(corrections, 'utf8').trim().split('\n')) {
  const [file, number] = line.trim().split(',');
  if (!/^\d+$/.test(number)) continue; // A header.
  const { numbers } = readDigits(await loadPicture(join(folder, file)), reader);
  const digits = numbers.flatMap((one) => one.digits);
  if (digits.length !== number.length) {
    console.log(`${file}: ${digits.length} digits were found where ${number} stands; it is left out.`);
    continue;
  }
  digits.forEach(({ image, digit }, k) => {
    corrected.push({ image, label: Number(number[k]) });
    if (digit !== Number(number[k])) wrong++;
  });
}
console.log(`${corrected.length} digits, ${wrong} of them read wrongly.`);

const { train } = loadMnist();
const random = new Random(1, 'corrections');
const old = Array.from({ length: OTHERS }, () => {
  const i = random.integer(train.labels.length);
  return { image: train.images.data.subarray(784 * i, 784 * (i + 1)), label: train.labels[i] };
});
const all = [...old, ...Array.from({ length: TIMES }, () => corrected).flat()];
const data = new Uint8Array(784 * all.length);
all.forEach(({ image }, k) => data.set(image, 784 * k));

const { model } = reader;
model.compile({ optimizer: Adam({ learningRate: 0.0003 }), loss: 'sparseCategoricalCrossentropy' });
await model.fit(
  { data, shape: [all.length, ...model.inputShape] },
  Uint8Array.from(all, ({ label }) => label),
  { epochs: 2, verbose: 0 },
);

const images = {
  data: data.subarray(784 * (all.length - corrected.length)),
  shape: [corrected.length, ...model.inputShape],
};
const { data: shares } = model.predict(images);
const answers = corrected.map((_, k) => {
  const row = shares.subarray(k * model.outputs, (k + 1) * model.outputs);
  return row.indexOf(Math.max(...row));
});
console.log(
  `Of them ${answers.filter((answer, k) => answer !== corrected[k].label).length} are read wrongly now.`,
);
// Temperature and threshold were measured for the network of before: 'sure' promises less than it did.
const { temperature, sureFrom } = reader;
writeFileSync(out, encodeReader(model, { name: 'corrected reader', temperature, sureFrom }));
