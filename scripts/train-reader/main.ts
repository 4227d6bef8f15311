/**
 * Makes data/reader.safetensors by the rule of docs/decisions/0020-the-shipped-reader.md:
 *
 *     node scripts/train-reader/main.ts train base             what all networks begin with, into build/train-reader/
 *     node scripts/train-reader/main.ts train 0 1 2 3 4 all    without that fold's writers, or of all, one after the other
 *     node scripts/train-reader/main.ts finish                 data/reader.safetensors, data/reader.md, scripts/train-reader/results.json
 *
 * `train 0` says the errors on what is kept out, which is all that choices are made by.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { encodeReader } from '../../src/reading/reader.ts';
import { loadModel, saveModel } from '../../src/store/models.ts';
import { sha256 } from '../../src/store/sha256.ts';
import { answersOf, logProbabilities } from './answers.ts';
import { cardOf } from './card.ts';
import { stacked } from './examples.ts';
import { FOLDS, NONE } from './recipe.ts';
import { measure } from './results.ts';
import { type Material, material, type Part, trainBase, trainReader, unseen } from './train.ts';

const ROOT = new URL('../../', import.meta.url);
const FOLDER = new URL('build/train-reader/', ROOT);

function pathOf(part: Part | 'base'): string {
  return new URL(`${part}.safetensors`, FOLDER).pathname;
}

async function train(of: Material, part: Part | 'base'): Promise<void> {
  const model =
    part === 'base' ? await trainBase(of) : await trainReader(of, part, loadModel(pathOf('base')));
  mkdirSync(FOLDER, { recursive: true });
  saveModel(model, pathOf(part));
  console.log(`${part}: weights ${model.weightsHash()}`);
  if (part === 'all' || part === 'base') return;
  const { drawn, digits, none } = await unseen(of, part);
  const shown = [
    drawn,
    digits,
    stacked(
      none.map(({ image }) => image),
      none.map(() => NONE),
    ),
  ];
  const errors = shown.map(({ images, labels }) => {
    const { read } = answersOf(logProbabilities(model, images), 1);
    return read.filter((digit, i) => digit !== labels.data[i]).length / read.length;
  });
  const names = ['drawings', "MNIST's kept-out images", 'no digits'];
  console.log(errors.map((error, k) => `${names[k]}: ${(100 * error).toFixed(2)} % wrong`).join(', '));
}

async function finish(): Promise<void> {
  const folds = Array.from({ length: FOLDS }, (_, fold) => loadModel(pathOf(fold)));
  const [base, all] = [loadModel(pathOf('base')), loadModel(pathOf('all'))];
  const results = await measure(material(), { base, folds, all });
  const { temperature, sureFrom } = results.calibration;
  const bytes = encodeReader(all, { name: "Dactyl's reader", temperature, sureFrom, sets: results.sets });
  const whole = { file: { bytes: bytes.length, sha256: sha256(bytes) }, ...results };
  writeFileSync(new URL('data/reader.safetensors', ROOT), bytes);
  writeFileSync(new URL('results.json', import.meta.url), `${JSON.stringify(whole, null, 2)}\n`);
  writeFileSync(new URL('data/reader.md', ROOT), cardOf(whole));
}

const [command, ...names] = process.argv.slice(2);
const parts = names.map((name) => (name === 'all' || name === 'base' ? name : Number(name)));
const areParts = parts.every((part) => typeof part === 'string' || (part >= 0 && part < FOLDS));
if (command === 'train' && parts.length > 0 && areParts) {
  const of = material();
  for (const part of parts) await train(of, part);
} else if (command === 'finish') {
  await finish();
} else {
  console.error('Expected: train PART…, or finish. See the head of this script.');
  process.exitCode = 1;
}
