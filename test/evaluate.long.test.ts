import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JSDOM } from 'jsdom';
import { Check } from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PART_NAMES, type PartName } from '../src/analysis/evaluation/parts.ts';
import { evaluate, type EvaluateCommandOptions, evaluateCommand } from '../src/cli/evaluate.ts';
import { subset } from '../src/datasets/dataset.ts';
import { Dense, Flatten, Input, loadMnist, Rescaling, saveModel, Sequential } from '../src/index.ts';
import type { Card } from '../src/report/card/card.ts';
import type { Evaluation } from '../src/study/evaluation/record.ts';
import { percent } from '../src/study/wording.ts';
import { sha256Hex } from '../src/util/hash.ts';
import { dactyl, type Ended, temporaryFolder } from './support/dactyl.ts';
import { errorOf, smallModel } from './support/models.ts';
import { expectOneLine, fileOf, STUDY } from './support/studies.ts';

const OWN_IMAGES = 200;
/** All that a model file has but the two that take longest. */
const MEASURED = [
  'inputs',
  'answers',
  'adversarial',
  'sensitivity',
  'labelErrors',
  'explanations',
  'calibration',
  'privacy',
] as const satisfies readonly PartName[];
const KEPT = /: kept from an earlier evaluation$/gm;

let out: string;
let model: string;
let own: readonly string[];
let stopped: Ended;
/** What was kept when it was stopped, and the files of the page then. */
let kept: string[];
let begun: string[];
let whole: Ended;

/** One quick evaluation of a tiny network that several tests look at: stopped after its first part, and taken up. */
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  model = join(out, 'digits.safetensors');
  await trainedModel(model);
  own = ownImages(out);
  const command = ['evaluate', model, '--quick', '--only', ...MEASURED, '--jobs'];
  stopped = await dactyl([...command, '1'], {
    signal: (stdout) => (/: \d+ s$/m.test(stdout) ? 'SIGINT' : undefined),
  });
  kept = readdirSync(join(out, 'evaluations'));
  begun = filesIn(join(out, 'digits.evaluation'));
  whole = await dactyl([...command, '2']);
});
afterAll(() => {
  rmSync(out, { recursive: true, force: true });
});

/** Learns 6,000 images once. */
async function trainedModel(path: string): Promise<void> {
  const { train } = loadMnist();
  const { images, labels } = subset(
    train,
    Array.from({ length: 6_000 }, (_, i) => i),
  );
  using network = new Sequential(
    [Input([28, 28]), Rescaling(1 / 255), Flatten(), Dense(8, { activation: 'relu' }), softmaxOf(10)],
    { seed: 1 },
  );
  network.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  await network.fit(images, { data: labels, shape: [labels.length] }, { epochs: 1, verbose: 0 });
  saveModel(network, path);
}

const softmaxOf = (units: number) => Dense(units, { activation: 'softmax' });

/** An IDX file of bytes. */
function idx(path: string, shape: readonly number[], data: Uint8Array): string {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt16BE(0x08_00 | shape.length, 2);
  shape.forEach((length, k) => header.writeUInt32BE(length, 4 + 4 * k));
  writeFileSync(path, Buffer.concat([header, data]));
  return path;
}

/** The first test images as somebody's own, and a cost for every error. */
function ownImages(folder: string): string[] {
  const { images, labels } = loadMnist().test;
  const costs = join(folder, 'costs.json');
  const matrix = Array.from({ length: 10 }, (_, t) =>
    Array.from({ length: 10 }, (__, p) => (t === p ? 0 : 3)),
  );
  writeFileSync(costs, JSON.stringify(matrix));
  return [
    '--images',
    idx(join(folder, 'own-images'), [OWN_IMAGES, 28, 28], images.data.subarray(0, OWN_IMAGES * 784)),
    '--labels',
    idx(join(folder, 'own-labels'), [OWN_IMAGES], labels.subarray(0, OWN_IMAGES)),
    '--costs',
    costs,
  ];
}

const textOf = (folder: string): string => readFileSync(join(folder, 'evaluation.json'), 'utf8');
const evaluationIn = (folder: string): Evaluation => JSON.parse(textOf(folder)) as Evaluation;
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

function expectWhole(folder: string): void {
  for (const path of filesIn(folder)) expect(path).not.toMatch(/\.tmp$|\.writing/);
}

describe('a model file', () => {
  const folderOf = (): string => join(out, 'digits.evaluation');

  test('Ctrl-C: exit code 130, whole parts kept and nothing else', () => {
    expect(stopped.exit).toBe(130);
    expect(stopped.stderr).toBe(
      'dactyl: Stopped. The parts that were done are kept; the same command goes on from there.\n',
    );
    expect(begun).toEqual([]);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(MEASURED.length);
    for (const file of kept) expect(file).toMatch(/^[0-9a-f]{64}\.json$/);
  });

  test('the same command goes on, prints every part and what the network is worth', () => {
    expect({ exit: whole.exit, stderr: whole.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(whole.stdout).toMatch(/^digits\.safetensors: one\snetwork\. Quick evaluation, not a result\n/);
    expect(whole.stdout.match(KEPT)).toHaveLength(kept.length);
    expect(whole.stdout.match(/^[A-Z][a-z ]+: \d+ s$/gm)).toHaveLength(MEASURED.length - kept.length);
    expect(whole.stdout).toMatch(/\n\d\d\.\d\d\s% .* of the 10,000 test images are read correctly, by one/);
    expect(whole.stdout).toContain(`Page     ${join(folderOf(), 'evaluation.html')}\n`);
  });

  test('evaluation.json holds to the published schema, a copy of which lies beside it', () => {
    const published = readFileSync('schemas/evaluation.schema.json', 'utf8');
    const schema = JSON.parse(published) as Record<string, unknown>;
    const evaluation = evaluationIn(folderOf());
    expect(readFileSync(join(folderOf(), 'evaluation.schema.json'), 'utf8')).toBe(published);
    expect(evaluation.$schema).toBe('./evaluation.schema.json');
    expect(Check(schema, evaluation)).toBe(true);
    expect(Check(schema, { ...evaluation, quick: 'yes' })).toBe(false);
    expect(Check(schema, { ...evaluation, more: 1 })).toBe(false);
    expect(evaluation.target).toEqual({
      kind: 'model',
      name: 'digits.safetensors',
      hash: sha256Hex(readFileSync(model)),
      quickStudy: false,
    });
    expect(evaluation.command).toBe(`dactyl evaluate ${model} --quick`);
  });

  test('every part is measured or missing with what to run first', () => {
    const { parts, missing } = evaluationIn(folderOf());
    expect([...parts, ...missing].map(({ part }) => part).sort()).toEqual([...PART_NAMES].sort());
    expect(parts.map(({ part }) => part).sort()).toEqual([...MEASURED].sort());
    const leftOut = 'left out with --only, and not kept from an earlier run';
    expect(missing).toEqual([
      { part: 'robustness', reason: leftOut },
      { part: 'equity', reason: leftOut },
      ...['mitigation', 'membership'].map((part) => ({
        part,
        reason: `run dactyl study run studies/${part}.json --out ${out} first`,
      })),
    ]);
  });

  test('the page has a section for those who decide and one for each point, runs nothing, and no number that is none', () => {
    const { document } = new JSDOM(readFileSync(join(folderOf(), 'evaluation.html'), 'utf8')).window;
    const sections = Array.from(document.querySelectorAll('main section'), ({ id }) => id);
    expect(sections).toEqual(['decide', ...Array.from({ length: 13 }, (_, k) => `E${k + 1}`), 'source']);
    expect(document.querySelectorAll('script, [src^="http"], link')).toHaveLength(0);
    expect(document.body.textContent).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(document.body.textContent).toContain('Quick evaluation, not a result');
    for (const [kind, extensions] of [
      ['figures', ['svg', 'png']],
      ['tables', ['csv', 'tex']],
    ] as const) {
      const files = readdirSync(join(folderOf(), kind, 'evaluation'));
      for (const extension of extensions)
        expect(files.filter((file) => file.endsWith(extension)).length).toBe(files.length / 2);
    }
  });

  test('again: all from where it is kept; only a damaged part is named and computed again; the same results', async () => {
    const before = textOf(folderOf());
    const { key } = evaluationIn(folderOf()).parts.find(({ part }) => part === 'answers')!;
    const path = join(out, 'evaluations', `${key}.json`);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"images":10000', '"images":10001'));
    const only = ['--only', 'answers'];
    const { exit, stdout, stderr } = await dactyl(['evaluate', model, '--quick', '--jobs', '2', ...only]);
    expect(exit).toBe(0);
    expectNamed(stderr, path);
    expect(stdout.match(KEPT)).toHaveLength(MEASURED.length - 1);
    expect(stdout).toMatch(/^Answers on the test images: \d+ s$/m);
    const { seconds } = evaluationIn(folderOf()).parts.find(({ part }) => part === 'answers')!;
    const timed = JSON.parse(before) as Evaluation;
    const parts = timed.parts.map((one) => (one.part === 'answers' ? { ...one, seconds } : one));
    expect(textOf(folderOf())).toBe(`${JSON.stringify({ ...timed, parts }, null, 1)}\n`);
    expectWhole(out);
  });

  function expectNamed(stderr: string, path: string): void {
    expect(stderr).toBe(
      `dactyl: A kept part is damaged and is computed again: ${path}: the content is not what its checksum promises.\n`,
    );
  }
});

describe('images of one’s own', () => {
  test('--only what it names; parts about MNIST’s images are missing, with the reason', async () => {
    const place = temporaryFolder();
    const copy = join(place, 'my digits.safetensors');
    cpSync(model, copy);
    const folder = join(place, 'page');
    const { exit, stderr } = await dactyl([
      ...['evaluate', copy, '--quick', '--out', folder],
      ...[...own, '--watts', '60', '--only', 'answers', 'calibration'],
    ]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const { data, parts, missing, costs, watts, command: again } = evaluationIn(folder);
    const names = parts.map(({ part }) => part);
    expect(names).toEqual(['inputs', 'answers', 'calibration']);
    const reasons = new Map(missing.map(({ part, reason }) => [part, reason]));
    expect(names.length + reasons.size).toBe(PART_NAMES.length);
    for (const [part, reason] of reasons) {
      const mnist = ['mitigation', 'privacy', 'membership'].includes(part);
      expect(reason).toBe(
        mnist
          ? "it is about MNIST's own test images"
          : 'left out with --only, and not kept from an earlier run',
      );
    }
    expect(data).toMatchObject({ own: true, testImages: OWN_IMAGES });
    expect(data.files.slice(2).map(({ file }) => file)).toEqual(['own-images', 'own-labels']);
    expect({ cost: costs.matrix[1][7], file: costs.source?.file, watts }).toEqual({
      cost: 3,
      file: 'costs.json',
      watts: 60,
    });
    expect(again).toBe(`dactyl evaluate '${copy}' ${own.join(' ')} --watts 60 --quick`);
    const { document } = new JSDOM(readFileSync(join(folder, 'evaluation.html'), 'utf8')).window;
    expect(document.body.textContent).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(document.getElementById('E12')?.textContent).toContain('200 test images of the user’s own');
  });
});

describe('what it is given wrongly', () => {
  const shown = ['--quick', '--only', 'answers', '--out'];

  test('images black on white: a warning ahead of the parts, and no verdict on the network', async () => {
    const place = temporaryFolder();
    const { images } = loadMnist().test;
    const inverted = images.data.slice(0, OWN_IMAGES * 784).map((value) => 255 - value);
    const path = idx(join(place, 'inverted'), [OWN_IMAGES, 28, 28], inverted);
    const files = ['--images', path, '--labels', own[3]];
    const { exit, stdout, stderr } = await dactyl([
      'evaluate',
      model,
      ...files,
      ...shown,
      join(place, 'page'),
    ]);
    expect(exit).toBe(0);
    expect(stderr).toMatch(
      /^dactyl: If white and black are exchanged, digits [789]\d\.\d\s% instead of \d+\.\d\s% of the images are read.*Invert them.*\n$/,
    );
    expect(stdout).toContain('How well digits are read cannot be told from this.');
    expect(stdout).not.toContain('no digits are read');
    expect(readFileSync(join(place, 'page', 'evaluation.html'), 'utf8')).toContain('Before you read on');
  });

  test('a network whose answers are NaN: E_NUMERIC, and no page', async () => {
    const place = temporaryFolder();
    const path = join(place, 'diverged.safetensors');
    using network = new Sequential([Input([28, 28]), Flatten(), softmaxOf(10)]);
    network.setWeights(
      network
        .getWeights()
        .map(({ data, shape }) => ({ data: data.map((_, k) => (k % 2 ? 3e38 : -3e38)), shape })),
    );
    saveModel(network, path);
    const { exit, stderr } = await dactyl(['evaluate', path, ...shown, join(place, 'page')]);
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^dactyl: diverged, seed 0: .*NaN.* \[E_NUMERIC\]\n$/);
    expect(readdirSync(join(place, 'page'))).toEqual([]);
  });
});

describe('a study', () => {
  let runs: string;
  let folder: string;

  beforeAll(async () => {
    runs = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
    folder = join(runs, STUDY.name);
    const study = fileOf({ ...STUDY, seeds: 1 }, runs);
    const ran = await dactyl(['study', 'run', study, '--out', runs, '--no-report', '--quiet']);
    expect(ran.exit).toBe(0);
  });
  afterAll(() => {
    rmSync(runs, { recursive: true, force: true });
  });

  test('evaluate judges claims in the report, card writes what was measured', async () => {
    const ended = await dactyl(['evaluate', folder, '--only', 'answers']);
    expect({ exit: ended.exit, stderr: ended.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(ended.stdout).toContain(
      `Report   ${join(folder, 'report.html')} (claims C2, C7 and C8 judged by it)\n`,
    );
    const evaluation = evaluationIn(folder);
    expect(evaluation.networks.map(({ arm, seed }) => `${arm}/${seed}`)).toEqual(['relu/1', 'tanh/1']);
    const report = readFileSync(join(folder, 'report.html'), 'utf8');
    // Of the nine statements of C2, C7 and C8 one is about the answers and one about writers, who are not known.
    expect(report.match(/Not measured yet, nor in the paper/g)).toHaveLength(7);
    expect(report).toContain('the accuracy on corrected labels is ');

    const carded = await dactyl(['card', folder]);
    expect({ exit: carded.exit, stderr: carded.stderr }).toEqual({ exit: 0, stderr: '' });
    const card = JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8')) as Card;
    expectCard(card, evaluation);
    expectDocuments(card);
    expectWhole(runs);
  });

  /** The sections of Mitchell et al. 2019 and of Gebru et al. 2021, from these measurements. */
  function expectCard(card: Card, { target, networks, data, parts }: Evaluation): void {
    expect(card).toMatchObject({
      format: 'dactyl-card/1',
      command: `dactyl card ${folder}`,
      target,
      networks,
      files: data.files,
      measurements: parts.map(({ part, key }) => ({ part, key })),
    });
    expect(card.model.map(({ title }) => title)).toEqual([
      'Model details',
      'Intended use',
      'Factors',
      'Metrics',
      'Evaluation data',
      'Training data',
      'Quantitative analyses',
      'Ethical considerations',
      'Caveats and recommendations',
    ]);
    expect(card.dataSheet.map(({ title }) => title)).toEqual([
      'Motivation',
      'Composition',
      'Collection process',
      'Preprocessing and labelling',
      'Uses',
      'Distribution',
      'Maintenance',
    ]);
    const { subjects } = parts.find(({ part }) => part === 'answers')!.result as {
      subjects: { arm: string; accuracy: number; confusion: number[][] }[];
    };
    const said = JSON.stringify(card.model);
    for (const { accuracy } of subjects) expect(said).toContain(percent(accuracy));
    const recall = card.model
      .flatMap(({ items }) => items)
      .find((item) => item.kind === 'table' && item.table.name === 'card-recall');
    expect(recall?.kind === 'table' && recall.table.rows).toEqual(
      Array.from({ length: 10 }, (_, digit) => [
        String(digit),
        ...subjects.map(
          ({ confusion }) => confusion[digit][digit] / confusion[digit].reduce((a, b) => a + b),
        ),
      ]),
    );
  }

  /** Markdown and HTML say what the JSON says. */
  function expectDocuments({ command, networks, target, model: sections, dataSheet }: Card): void {
    const markdown = readFileSync(join(folder, 'card.md'), 'utf8');
    const page = readFileSync(join(folder, 'card.html'), 'utf8');
    const { document } = new JSDOM(page).window;
    const text = document.body.textContent;
    for (const one of [markdown, text]) {
      for (const fact of [target.hash, ...networks.map(({ hash }) => hash), command])
        expect(one).toContain(fact);
      expect(one).not.toMatch(/NaN|undefined|Infinity|\[object/);
    }
    const titles = [...sections, ...dataSheet].map(({ title }) => title);
    expect([...markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(titles);
    expect(Array.from(document.querySelectorAll('main section'), ({ id }) => id)).toHaveLength(titles.length);
    expect(document.querySelectorAll('script')).toHaveLength(0);
  }

  test('without a finished trial there is nothing to evaluate: E_NOT_FOUND', async () => {
    const place = join(temporaryFolder(), 'tiny');
    cpSync(join(folder, 'study.json'), join(place, 'study.json'));
    expectOneLine(
      await dactyl(['evaluate', place]),
      /No trial of .*tiny is finished yet.*dactyl study resume .*tiny \[E_NOT_FOUND\]$/m,
    );
    expect(filesIn(place)).toEqual(['study.json']);
  });
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
      /^E_FORMAT: .*a\.safetensors.* bytes of values after the header, received /,
    ],
    [
      'a model of other inputs and outputs',
      (place) => saved(place, smallModel()),
      /^E_SHAPE: .*28 × 28 pixels.*ten classes; received one that takes \(6,?\) and answers with 3 softmax/,
    ],
    [
      'a model without probabilities',
      (place) => saved(place, new Sequential([Input([784]), Dense(10)])),
      /^E_SHAPE: .*softmax over ten classes; received .* 10 linear outputs/,
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
      /^E_FORMAT: .*expected 0 as the cost of a right answer, received 2 for the digit 4/,
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
