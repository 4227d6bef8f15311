import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { JSDOM } from 'jsdom';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Card } from '../src/report/card/card.ts';
import type { Evaluation } from '../src/study/evaluation/record.ts';
import { percent } from '../src/study/wording.ts';
import { dactyl, temporaryFolder } from './support/dactyl.ts';
import { evaluationIn, expectWhole, filesIn } from './support/evaluated.ts';
import { expectOneLine, fileOf, STUDY } from './support/studies.ts';

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

test('evaluate tells of the claims in the report, card writes what was measured', async () => {
  const ended = await dactyl(['evaluate', folder, '--only', 'answers']);
  expect({ exit: ended.exit, stderr: ended.stderr }).toEqual({ exit: 0, stderr: '' });
  // By another recipe than the paper's, which decides nothing about its claims.
  expect(ended.stdout).toContain(`Report   ${join(folder, 'report.html')}\n`);
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
    command: `dactyl card ${basename(folder)}`,
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
      ...subjects.map(({ confusion }) => confusion[digit][digit] / confusion[digit].reduce((a, b) => a + b)),
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

test.each(['study.json', 'tuning.json', 'record.json'])(
  '--out a folder with the %s of another: E_ARGUMENT, and nothing of it is replaced',
  async (record) => {
    const other = join(temporaryFolder(), 'other');
    cpSync(join(folder, 'study.json'), join(other, record));
    for (const command of ['evaluate', 'card']) {
      expectOneLine(
        await dactyl([command, folder, '--out', other]),
        new RegExp(
          `--out .*other: expected a folder of its own, received one with the ${record} of another.*E_ARGUMENT`,
        ),
      );
    }
    expect(filesIn(other)).toEqual([record]);
  },
);
