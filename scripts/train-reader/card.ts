import type { Rate } from '../../src/analysis/equity/rates.ts';
import { WANTED_OF_ALL } from './answers.ts';
import type { Count, Results } from './results.ts';

/** `data/reader.md`, every number of it from the results. */
export function cardOf(
  results: Results & { readonly file: { readonly bytes: number; readonly sha256: string } },
): string {
  const { file, made, calibration, drawings, nested, keptOut, none, test } = results;
  const { recipe } = made;
  return `# The reader that comes with Dactyl

\`reader.safetensors\`, ${thousands(file.bytes)} bytes, SHA-256 \`${file.sha256}\`: a convolutional network of ${thousands(made.parameters)} parameters that takes 28 × 28 bytes, normalised as MNIST was, and gives the probabilities of the
digits 0 to 9 and of 'none', which is no digit. \`dactyl predict\` and \`readDigits\`, \`readStrokes\` of \`dactyl/reading\` use it where no other model is named. An answer is sure where its digit has a calibrated probability of at least
${calibration.sureFrom.map((least, digit) => `${least} (${digit})`).join(', ')}; temperature ${calibration.temperature}.

**For** single digits and numbers that people write by hand, as strokes or in pictures. **Not for** letters, signs, printed digits, nor for decisions about people: it errs, and more for some hands than for others.

## What it was trained on

- MNIST's 60,000 training images (Y. LeCun, C. Cortes, C. J. C. Burges; CC BY-SA 3.0), some of them once more as pictures of few pixels, as photographs, and cut out of rows of touching digits.
- All ${thousands(drawings.error.images)} digits of \`unipen-digits.ndjson.gz\` ([README.md](README.md); International Unipen Foundation; CC BY 4.0), drawn with several pens and slants, some photographed and cut out of rows. ${drawings.cutOff} of them are one upright stroke with the label of another digit than 1: what the collectors cut off it.
- What is no digit, some ${thousands(Math.round(recipe.noDigitsShare[1] * Object.values(recipe.noDigits).reduce((sum, amount) => sum + amount, 0)))} images, and wrong cuts of the rows: pairs and pieces of these digits, and scribbles, blobs, dots, lines, crosses, zigzags, letters and litter made up by the script.

Made by \`scripts/train-reader/\` from the seed ${recipe.seed}: ${recipe.base.epochs} epochs of MNIST and ${recipe.then.epochs} with the drawings, photographs and rows, distorted anew in each. The rule was written before the numbers (\`docs/decisions/0020-the-shipped-reader.md\`); these are \`scripts/train-reader/results.json\`. The weights' hash is \`${made.weights.all}\`.

## What was measured

**Drawings: cross-validated by writers.** The shipped network has seen all ${drawings.error.writers} writers, so each drawing was read by one of ${made.folds.length} networks of the same recipe that had seen neither it nor its writer. Intervals are of 95 %, over writers.
An answer 'none' counts as wrong. Labels are the collectors', wrong ones and badly cut digits included.

| drawings | read wrongly |
| --- | --- |
| all ${thousands(drawings.error.images)}, ${drawings.error.writers} writers | ${rateWords(drawings.error)} |
| the fold on which choices were made | ${rateWords(drawings.choices)} |
| the other folds | ${rateWords(drawings.others)} |
${drawings.byDigit.map((rate, digit) => `| digit ${digit} (${rate.images}) | ${rateWords(rate)} |\n`).join('')}${drawings.bySource
    .map(
      (rate) => `| collected at ${rate.source} (${rate.images} by ${rate.writers}) | ${rateWords(rate)} |\n`,
    )
    .join('')}
Said to be no digit: ${percent(drawings.none)} of them.

**Sure and not sure.** Temperature and thresholds come from these cross-validated answers, and from those to ${thousands(keptOut.error.n / keptOut.networks)} of MNIST's training images that the folds' networks had not seen. Of the answers that name a digit the same share of each, ${percent(calibration.doubted)}, is not sure, so no digit is doubted more than another.
${calibration.wrong <= WANTED_OF_ALL ? '' : `Of all drawings, those cut off counted as wrong, more than the ${percent(WANTED_OF_ALL)} that the rule wants are wrong among the sure ones.\n`}Not sure of the drawings: ${rateWords(drawings.notSure)}; of the answers that are sure ${sureWords(drawings.sureWrong)} are wrong; without the ${drawings.cutOff} drawings that are cut off ${sureWords(drawings.holding.sureWrong)}.
Fairer, each fold judged by temperature and thresholds of the other folds: not sure ${rateWords(nested.notSure)}, wrong among the sure ${sureWords(nested.sureWrong)}; without those cut off ${sureWords(nested.holding.sureWrong)}; of MNIST's images ${percentWords(nested.images.notSure)} and ${percentWords(nested.images.sureWrong)}.

**Conformal sets**, of these answers too: the digits with a probability of at least ${setsWords(results.sets)}. Of digits like these, not of each writer, so many sets hold the truth.

**MNIST's ${thousands(test.error.n)} test images**, seen with this network when it was made, and again when it got a threshold for each digit, because they had shown that one for all doubts ones far too often; also with the network before it and with one that was tried and not taken, by which nothing here was chosen: ${percentWords(test.error)} read wrongly, ${test.none.count} of them as no digit; not sure ${percentWords(test.notSure)}; wrong among the sure ${percentWords(test.sureWrong)}.
Of the ${thousands(keptOut.error.n / keptOut.networks)} training images that the folds' networks had not seen: ${percentWords(keptOut.error)} wrong, not sure ${percentWords(keptOut.notSure)}, wrong among the sure ${percentWords(keptOut.sureWrong)}. Not sure, by digit:

| digit | test images | training images not seen |
| --- | --- | --- |
${test.notSureByDigit.map((of, digit) => `| ${digit} | ${percentWords(of)} | ${percentWords(keptOut.notSureByDigit[digit])} |\n`).join('')}
**What is no digit**, made from digits and by draws that the folds' networks had not seen:

| kind | images | taken for a digit | and surely |
| --- | --- | --- | --- |
| all | ${thousands(none.digit.n)} | ${percentWords(none.digit)} | ${percentWords(none.sure)} |
${none.kinds.map(({ kind, digit, sure }) => `| ${KINDS[kind]} | ${digit.n} | ${percentWords(digit)} | ${percentWords(sure)} |\n`).join('')}
## Limits

- 'None' was learnt from what a script makes: letters, signs and pictures of other kinds may be read as digits, surely too.
- The writers are those of American forms (MNIST) and of 17 places of the 1990s (UNIPEN); digits of other scripts and ways of writing that neither has were never seen.
- The thresholds keep their promise for single digits drawn by writers like these. They say nothing of pictures in which the digit was cut out badly.
`;
}

const KINDS = {
  pairs: 'several digits of MNIST as one',
  drawnPairs: 'two drawings as one',
  pieces: 'pieces of MNIST’s digits',
  drawnPieces: 'pieces of drawings',
  scribbles: 'scribbles',
  blobs: 'blobs',
  dots: 'dots',
  lines: 'level lines, several lines',
  crossings: 'crosses, stars, grids',
  zigzags: 'zigzags, spirals',
  letters: 'letters and signs',
  litter: 'short strokes',
} as const;

function setsWords({ least }: Results['sets']): string {
  return Object.entries(least)
    .map(([share, p]) => `${p} (${Math.round(100 * Number(share))} % hold the truth)`)
    .join(', ');
}

function thousands(value: number): string {
  return String(value).replace(/(?<=\d)(?=(\d{3})+$)/g, ',');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function rateWords({ rate, interval }: Rate): string {
  const range = interval && ` (${interval.map((end) => (100 * end).toFixed(2)).join(' to ')})`;
  return `${percent(rate!)}${range ?? ''}`;
}

function sureWords({ wrong, ...rate }: Rate & { readonly wrong: number }): string {
  return `${rateWords(rate)} (${wrong} of ${thousands(rate.images)})`;
}

function percentWords({ n, count, low, high }: Count): string {
  return `${percent(count / n)} (${(100 * low).toFixed(2)} to ${(100 * high).toFixed(2)})`;
}
