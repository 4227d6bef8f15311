import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseStudy } from '../study/studyFile.ts';
import { networkLines } from './networkLines.ts';

function linesOf(study: string): string[] {
  return networkLines(parseStudy(readFileSync(`studies/${study}.json`, 'utf8'), study));
}

test('what a dry run says of networks: those with layers of their own, with their parameters', () => {
  expect(linesOf('convolution').join('\n')).toMatchInlineSnapshot(`
    "convolution: Input (28, 28, 1); Rescaling × 0.00392157; Conv2D 32 filters, 3 × 3, relu; MaxPooling2D 2 × 2; Conv2D 64 filters, 3 × 3, relu; MaxPooling2D 2 × 2; Flatten; Dropout 0.5; Dense 10, Softmax; 34,826 parameters.
    "
  `);
  expect(linesOf('activations')).toEqual([]);
});
