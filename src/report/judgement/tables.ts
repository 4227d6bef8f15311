import type { PredictionJudgement } from '../../study/judgePredictions.ts';
import { fixed, percent, points } from '../../study/wording.ts';
import type { Column, Table } from '../table.ts';
import { overImages, pText, verdictText } from './prose.ts';

const share = (label: string): Column => ({ label, format: (value) => percent(value) });
const difference = (label: string): Column => ({ label, format: (value) => points(value) });
const loss = (label: string): Column => ({ label, format: (value) => fixed(value, 4) });
const p = (label: string): Column => ({ label, format: pText });

export function judgementTables(judgement: PredictionJudgement): Table[] {
  const { models, pairs, classes, groups, images } = judgement;
  const units = groups === null ? 'images' : 'groups';
  const several = pairs.filter(({ seeds }) => seeds !== null);
  const withBca = several.some(({ seeds }) => seeds!.bca !== null);
  const withLoss = several.some(({ logLoss }) => logLoss !== null);
  return [
    {
      name: 'models',
      caption: 'Accuracy of each model, over its runs',
      columns: [
        { label: 'Model' },
        { label: 'runs' },
        share('mean'),
        { label: 'sd (points)', format: (value) => fixed(100 * value, 3) },
        share('min'),
        share('max'),
        share('95 % from'),
        share('to'),
        { label: 'interval over' },
        loss('log loss'),
      ],
      rows: models.map(({ name, runs, accuracy, logLoss }) => {
        const { low, high } = accuracy.spread ?? runs[0].wilson;
        const none = low === high;
        return [
          name,
          runs.length,
          accuracy.mean,
          accuracy.spread?.sd ?? null,
          accuracy.min,
          accuracy.max,
          none ? null : low,
          none ? null : high,
          none
            ? 'none: the same each time'
            : accuracy.spread === null
              ? `${units} (Wilson)`
              : 'seeds (Student)',
          logLoss,
        ];
      }),
    },
    {
      name: 'pairs',
      caption: 'Every two models: the first less the second',
      columns: [
        { label: 'Pair' },
        { label: 'verdict' },
        { label: 'pairs of runs' },
        difference('difference'),
        difference('95 % from'),
        difference('to'),
        { label: 'interval' },
        difference('bootstrap from'),
        difference('to'),
        { label: 'bootstrap over' },
        p('p'),
        p('p (Holm)'),
      ],
      rows: pairs.map((pair) => {
        const interval = pair.seeds === null ? overImages(pair, images) : pair.seeds.student;
        return [
          `${pair.first} − ${pair.second}`,
          verdictText(pair),
          pair.differences.length,
          pair.mean,
          interval?.low ?? null,
          interval?.high ?? null,
          pair.seeds === null ? 'bootstrap' : 'Student',
          pair.bootstrap.low,
          pair.bootstrap.high,
          pair.bootstrap.over,
          pair.p,
          pair.holm,
        ];
      }),
    },
    ...(several.length === 0
      ? []
      : [
          {
            name: 'seeds',
            caption: 'Pairs with several seeds: further tests',
            columns: [
              { label: 'Pair' },
              p('permutation p'),
              p('smallest attainable'),
              share('P(A > B)'),
              share('95 % from'),
              share('to'),
              p('equivalence (TOST) p'),
              ...(withBca ? [difference('BCa from'), difference('to')] : []),
              ...(withLoss ? [loss('log loss, difference'), loss('95 % from'), loss('to')] : []),
              { label: 'seeds to find the margin' },
            ],
            rows: several.map(({ first, second, seeds, logLoss }) => [
              `${first} − ${second}`,
              seeds!.permutation.p,
              seeds!.permutation.smallestP,
              seeds!.superiority.probability,
              seeds!.superiority.low,
              seeds!.superiority.high,
              seeds!.equivalence?.p ?? null,
              ...(withBca ? [seeds!.bca?.low ?? null, seeds!.bca?.high ?? null] : []),
              ...(withLoss
                ? [logLoss?.mean ?? null, logLoss?.spread?.low ?? null, logLoss?.spread?.high ?? null]
                : []),
              seeds!.needed?.find ?? null,
            ]),
          },
        ]),
    {
      name: 'mcnemar',
      caption: `McNemar’s test of every two trained models; about these two only${groups === null ? '' : ', and as if every image were of a group of its own'}`,
      columns: [
        { label: 'Pair' },
        { label: 'seed' },
        { label: 'only the first right' },
        { label: 'only the second right' },
        p('exact p'),
        p('mid-p'),
      ],
      rows: pairs.flatMap(({ first, second, mcnemar }) =>
        mcnemar.map(({ seed, onlyFirst, onlySecond, exactP, midP }) => [
          `${first} − ${second}`,
          seed ?? '–',
          onlyFirst,
          onlySecond,
          exactP,
          midP,
        ]),
      ),
    },
    {
      name: 'runs',
      caption: `Every run, with 95 % intervals over ${units}${groups === null ? '' : ': for as many images as they are worth, since those of a group are alike'}`,
      columns: [
        { label: 'Model' },
        { label: 'seed' },
        { label: 'errors' },
        ...(groups === null ? [] : [{ label: 'worth images' }]),
        share('accuracy'),
        share('Wilson from'),
        share('to'),
        share('Clopper–Pearson from'),
        share('to'),
        loss('log loss'),
      ],
      rows: models.flatMap(({ name, runs }) =>
        runs.map((run) => [
          name,
          run.seed ?? '–',
          run.errors,
          ...(groups === null ? [] : [run.effective]),
          run.accuracy,
          run.wilson.low,
          run.wilson.high,
          run.clopperPearson.low,
          run.clopperPearson.high,
          run.logLoss,
        ]),
      ),
    },
    {
      name: 'recall',
      caption: 'Recall per class, mean over runs',
      columns: [{ label: 'Class' }, ...models.map(({ name }) => share(name))],
      rows: classes.map((name, c) => [name, ...models.map(({ recall }) => recall[c])]),
    },
    {
      name: 'confusions',
      caption: 'The ten most frequent confusions of each model, images per run',
      columns: [
        { label: 'Model' },
        { label: 'true class' },
        { label: 'taken for' },
        { label: 'images', format: (value) => fixed(value, Number.isInteger(value) ? 0 : 1) },
      ],
      rows: models.flatMap(({ name, confusion }) =>
        topOf(confusion, 10).map(([t, taken, count]) => [name, classes[t], classes[taken], count]),
      ),
    },
  ];
}

function topOf(confusion: readonly (readonly number[])[], k: number): [number, number, number][] {
  return confusion
    .flatMap((row, t) => row.map((count, taken): [number, number, number] => [t, taken, count]))
    .filter(([t, taken, count]) => t !== taken && count > 0)
    .sort((a, b) => b[2] - a[2])
    .slice(0, k);
}
