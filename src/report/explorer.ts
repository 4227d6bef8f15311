import { armsOf, trialLabel } from '../study/arm.ts';
import { toBase64 } from './base64.ts';
import type { ExplorerData } from './client.ts';
import { imageSprite } from './imagePng.ts';
import type { ReportInput } from './input.ts';
import { isExplorable } from './input.ts';
import { wordsIn, wordsOfData } from './dataWords.ts';

/** Tiles in a row of a sprite. */
const SPRITE_COLUMNS = 40;

/** Every test image once, one sprite for each class, in the order of the test set; as CSS classes `sprite-0`, `sprite-1` … */
export function spriteStyle({ results, test: { images, labels } }: ReportInput): string {
  const words = wordsIn(wordsOfData(results.data));
  const sprites = words.classes.map((_, digit) => {
    const indices = Array.from(labels.keys()).filter((i) => labels[i] === digit);
    const rows = Math.max(1, Math.ceil(indices.length / SPRITE_COLUMNS));
    return `.sprite-${digit}{--rows:${rows};background-image:url(${imageSprite(images, indices, SPRITE_COLUMNS, words, true)})}`;
  });
  // Only ink on paper is inverted on dark pages.
  return [
    ...sprites,
    ...(words.isInk ? [] : ['.sprite{filter:none!important;mix-blend-mode:normal!important}']),
  ].join('\n');
}

/** Labels, and for each run its mistakes alone: what is not listed was predicted right. */
export function explorerData(input: ReportInput): ExplorerData {
  const { results, predictions } = input;
  const { classes } = results.data;
  const columns = SPRITE_COLUMNS;
  if (!isExplorable(input)) return { columns, images: 0, classes, labels: '', indexBytes: 2, arms: {} };
  const { labels } = input.test;
  const indexBytes = labels.length > 65_536 ? 3 : 2;
  return {
    columns,
    images: labels.length,
    classes,
    labels: toBase64(classes.length > 16 ? labels : pairNibbles(labels)),
    indexBytes,
    arms: Object.fromEntries(
      armsOf(results).map(({ name, trials }) => [
        name,
        trials.flatMap((trial) => {
          const predicted = predictions.get(trial.key);
          return predicted === undefined
            ? []
            : [
                {
                  run: trialLabel(trial, results.study),
                  mistakes: toBase64(packMistakes(labels, predicted, indexBytes)),
                },
              ];
        }),
      ]),
    ),
  };
}

/** Two labels in a byte, the first in the high half. */
function pairNibbles(labels: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: Math.ceil(labels.length / 2) }, (_, i) => {
    const second = 2 * i + 1 < labels.length ? labels[2 * i + 1] : 0;
    return (labels[2 * i] << 4) | second;
  });
}

/** For each mistake the number of the image, its highest byte first, and the predicted class. */
function packMistakes(labels: Uint8Array, predicted: Uint8Array, indexBytes: number): Uint8Array {
  const bytes: number[] = [];
  labels.forEach((label, i) => {
    if (predicted[i] === label) return;
    for (let k = indexBytes - 1; k >= 0; k--) bytes.push((i >> (8 * k)) & 255);
    bytes.push(predicted[i]);
  });
  return Uint8Array.from(bytes);
}
