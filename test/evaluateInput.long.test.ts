import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluate, type EvaluateCommandOptions, evaluateCommand } from '../src/cli/evaluate.ts';
import { Dense, Input, saveModel, Sequential } from '../src/index.ts';
import { dactyl, temporaryFolder } from './support/dactyl.ts';
import { filesIn, idx, ownImages, trainedModel } from './support/evaluated.ts';
import { errorOf, smallModel } from './support/models.ts';
import { expectOneLine } from './support/studies.ts';

let out: string;
let model: string;
let own: readonly string[];

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  model = join(out, 'digits.safetensors');
  await trainedModel(model);
  own = ownImages(out);
});
afterAll(() => {
  rmSync(out, { recursive: true, force: true });
});

describe('bad input: exit code 1, one line with a code, nothing written', () => {
  const bytes = (length: number): Uint8Array => new Uint8Array(length);
  const matrix = (change: (costs: unknown[][]) => unknown): string => {
    const costs: unknown[][] = Array.from({ length: 10 }, (_, t) =>
      Array.from({ length: 10 }, (__, p) => Number(t !== p)),
    );
    return JSON.stringify(change(costs));
  };
  const written = (path: string, text: string | Uint8Array): string => {
    writeFileSync(path, text);
    return path;
  };
  const images = (place: string, shape: readonly number[], labels = shape[0]): string[] => [
    model,
    '--images',
    idx(join(place, 'images'), shape, bytes(shape.reduce((a, b) => a * b))),
    '--labels',
    idx(join(place, 'labels'), [labels], bytes(labels)),
  ];
  const costs = (place: string, text: string): string[] => [
    model,
    '--costs',
    written(join(place, 'costs.json'), text),
  ];
  const saved = (place: string, network: Sequential): string[] => {
    const path = join(place, 'other.safetensors');
    saveModel(network, path);
    network.dispose();
    return [path];
  };

  test.each<[string, (place: string) => string[], RegExp]>([
    ['no file', (place) => [join(place, 'none')], /^E_FILE: .*none: it does not exist/],
    [
      'a file that is no model',
      (place) => [written(join(place, 'a.safetensors'), 'hello')],
      /^E_FORMAT: .*a\.safetensors/,
    ],
    [
      'a truncated model',
      (place) => [written(join(place, 'a.safetensors'), readFileSync(model).subarray(0, 9_000))],
      /^E_FORMAT: .*a\.safetensors: not a model of Dactyl: its content is not what its SHA-256 promises\./,
    ],
    [
      'a model of other inputs and outputs',
      (place) => saved(place, smallModel()),
      /^E_SHAPE: .*28 × 28 pixels.*10 classes; received one that takes \(6,?\) and answers with 3 softmax/,
    ],
    [
      'a model without probabilities',
      (place) => saved(place, new Sequential([Input([784]), Dense(10)])),
      /^E_SHAPE: .*softmax over its 10 classes; received .* 10 linear outputs/,
    ],
    [
      'a folder with neither study nor trial',
      (place) => [place],
      /^E_NOT_FOUND: .*received a folder with neither/,
    ],
    ['images without labels', () => [model, '--images', own[1]], /^E_ARGUMENT: .*received only --images/],
    ['labels without images', () => [model, '--labels', own[3]], /^E_ARGUMENT: .*received only --labels/],
    [
      'labels of another count',
      (place) => images(place, [150, 28, 28], 149),
      /^E_IDX: .*as many labels as images .*150.*received 149/,
    ],
    [
      'images of another size',
      (place) => images(place, [150, 20, 20]),
      /^E_SHAPE: .*images of 28 × 28 pixels, received \(150, 20, 20\)/,
    ],
    [
      'too few images',
      (place) => images(place, [99, 28, 28]),
      /^E_SHAPE: .*at least 100 images.*received \(99, 28, 28\)/,
    ],
    ['costs that are not JSON', (place) => costs(place, '[[0, 1'), /^E_FORMAT: .*costs\.json: not JSON/],
    [
      'costs of nine digits',
      (place) =>
        costs(
          place,
          matrix((rows) => rows.slice(1)),
        ),
      /^E_FORMAT: .*costs\.json: .*fewer than 10 items/,
    ],
    [
      'a negative cost',
      (place) =>
        costs(
          place,
          matrix((rows) => rows.with(3, rows[3].with(5, -1))),
        ),
      /^E_FORMAT: .*costs\.json: wrong at \/3\/5: /,
    ],
    [
      'a cost of right answers',
      (place) =>
        costs(
          place,
          matrix((rows) => rows.with(4, rows[4].with(4, 2))),
        ),
      /^E_FORMAT: .*expected 0 as the cost of a right answer, received 2 for the class 4/,
    ],
    [
      'writers from a file of something else',
      () => [model, '--writers', own[5]],
      /^E_FORMAT: costs\.json, row 1: .*QMNIST/,
    ],
    [
      'writers of images of one’s own',
      () => [model, ...own.slice(0, 4), '--writers', own[5]],
      /^E_ARGUMENT: --writers .* Leave one of the two out/,
    ],
    [
      'an unknown part',
      () => [model, '--only', 'answers', 'fairness'],
      /'fairness' is invalid\. Expected inputs, answers, robustness, .*, membership; received 'fairness'/,
    ],
    [
      'a file where the parts are kept',
      (place) => {
        const copy = join(place, 'digits.safetensors');
        cpSync(model, copy);
        written(join(place, 'evaluations'), '');
        return [copy, '--out', out, '--quiet'];
      },
      /^E_FILE: Cannot write to the folder .*evaluations: .*a file/,
    ],
    [
      'a file in the way of --out',
      (place) => [model, '--out', join(written(join(place, 'file'), ''), 'page')],
      /^E_FILE: .*a part of the path is a file/,
    ],
  ])('%s', async (_, argumentsIn, line) => {
    const place = temporaryFolder();
    const args = argumentsIn(place);
    const before = [filesIn(place), filesIn(out)];
    const { code, message } = await errorOf(() =>
      evaluateCommand()
        .exitOverride()
        .configureOutput({ writeErr: () => undefined })
        .action((target: string, options: EvaluateCommandOptions) =>
          evaluate(target, options, new AbortController().signal),
        )
        .parseAsync(['--quick', '--out', join(place, 'page'), ...args], { from: 'user' }),
    );
    expect(`${code}: ${message}`).toMatch(line);
    expect(message).not.toContain('\n');
    expect([filesIn(place), filesIn(out)]).toEqual(before);
  });

  test('as it is printed', async () => {
    const place = temporaryFolder();
    expectOneLine(
      await dactyl(['card', ...saved(place, smallModel())]),
      /^dactyl: .*other\.safetensors: expected a model that takes .* \[E_SHAPE\]\n$/,
    );
    expect(filesIn(place)).toEqual(['other.safetensors']);
  });
});
