import { Command } from 'commander';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Evaluation } from '../study/evaluation/record.ts';
import type { Split } from '../study/configuration.ts';
import { ignoredByEvaluation, ignoredWriters, warnIgnored } from './ignored.ts';

test('only options that were given are said to be ignored, not defaults, nor others', () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => {
    said.mockRestore();
  });
  const command = new Command('x')
    .option('--out <folder>', '', 'runs')
    .option('--rope <points>')
    .option('--no-report')
    .option('--quiet')
    .action(() => undefined)
    .parse(['--rope', '1', '--no-report', '--quiet'], { from: 'user' });
  warnIgnored(command, ['out', 'rope', 'report'], 'with --dry-run');
  expect(said.mock.calls.map(([text]) => text)).toEqual([
    'dactyl: --rope is ignored with --dry-run.\n',
    'dactyl: --no-report is ignored with --dry-run.\n',
  ]);
});

test('files of writers: of training images only for folds by writer, of test images never with folds', () => {
  const both = { writers: 'train.tsv', testWriters: 'test.tsv' };
  const of = (split: Split, given = both) =>
    ignoredWriters({ split }, given).map((line) => line.split(' ')[0]);
  const folds = (groups: 'images' | 'writers'): Split => ({ kind: 'folds', folds: 5, repeats: 1, groups });
  expect(of({ kind: 'test' })).toEqual(['--writers']);
  expect(of({ kind: 'holdout' })).toEqual(['--writers']);
  expect(of(folds('images'))).toEqual(['--writers', '--test-writers']);
  expect(of(folds('writers'))).toEqual(['--test-writers']);
  expect(ignoredWriters({ split: folds('images') }, {})).toEqual([]);
});

const evaluation = (parts: readonly string[], missing: Record<string, string> = {}, trained = false) =>
  ({
    parts: parts.map((part) => ({ part })),
    missing: Object.entries(missing).map(([part, reason]) => ({ part, reason })),
    evidence: { arms: trained ? [{ label: 'ReLU', seconds: 8 }] : [] },
  }) as unknown as Evaluation;

const GIVEN = { costs: 'costs.json', watts: 60, writers: 'test.tsv' };

test('an evaluation: costs need the answers, watts the time of training, writers a part or a report by writer', () => {
  const of = (one: Evaluation, report = false) =>
    ignoredByEvaluation(one, GIVEN, report).map((line) => line.split(' ')[0]);
  expect(of(evaluation(['calibration']))).toEqual(['--costs', '--watts', '--writers']);
  expect(of(evaluation(['answers', 'equity'], {}, true))).toEqual([]);
  expect(of(evaluation(['answers'], {}, true))).toEqual(['--writers']);
  expect(of(evaluation(['answers'], {}, true), true)).toEqual([]);
  expect(of(evaluation(['answers', 'mitigation']))).toEqual(['--watts']);
  expect(ignoredByEvaluation(evaluation([]), {}, false)).toEqual([]);
});

test('a part that was asked for and cannot be measured is named with the reason, others are not', () => {
  const one = evaluation(['answers'], {
    membership: 'run a study first',
    robustness: 'left out with --only',
  });
  expect(ignoredByEvaluation(one, { only: ['answers', 'membership'] }, true)).toEqual([
    '--only membership is ignored: run a study first.',
  ]);
});
