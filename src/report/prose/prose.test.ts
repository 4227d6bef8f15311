import { expect, test } from 'vitest';
import type { MadeUp } from '../../study/fixtures/madeUp.ts';
import { madeUpConfusion, madeUpHistory, madeUpResults, shifted } from '../../study/fixtures/madeUp.ts';
import { JUDGEMENT_VERSION, type Rules } from '../../study/configuration.ts';
import { RULES_NOTE } from '../../study/rulesNote.ts';
import { answer, reportTitle } from './answer.ts';
import { comparison } from './comparison.ts';
import { conclusion } from './conclusion.ts';
import { whatWasDone } from './done.ts';
import { limits } from './limits.ts';
import { rulesNote } from './rulesNote.ts';
import { strengths } from './strengths.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

function withDifferences(differences: readonly number[], rest: MadeUp['configuration'] = {}) {
  return madeUpResults({
    configuration: { seeds: differences.map((_, k) => k + 1), ...rest },
    trial: (activation, k) => ({ testAccuracy: 0.974 + (activation === 'relu' ? differences[k] : 0) }),
  });
}

const CLEAR = [0.003, 0.004, 0.0035, 0.0045, 0.004, 0.0038];
const reluWins = withDifferences(CLEAR);
const tanhWins = withDifferences(CLEAR.map((difference) => -difference));
const tie = withDifferences([0.0001, -0.0001, 0, 0.0002, -0.0002, 0]);
const open = withDifferences([0.004, -0.003, 0.002, -0.001, 0.003, -0.002]);
const oneSeed = withDifferences([0.0033]);

test('the answer changes with the numbers', () => {
  expect(plain(answer(reluWins))).toBe(
    'ReLU classifies more test images correctly than Tanh: 97.78 % against 97.40 % on average over six seeds, a paired difference of 0.38 points (95 % interval 0.33 to 0.43).',
  );
  expect(plain(answer(tanhWins))).toBe(
    'Tanh classifies more test images correctly than ReLU: 97.40 % against 97.02 % on average over six seeds, a paired difference of 0.38 points (95 % interval 0.33 to 0.43).',
  );
  expect(answer(tie)).toMatch(/^ReLU and Tanh do equally well for all practical purposes/);
  expect(answer(open)).toMatch(/^These runs do not settle whether ReLU or Tanh is the more accurate/);
  expect(plain(answer(oneSeed))).toBe(
    'One seed cannot tell ReLU from Tanh: 97.73 % against 97.40 % of the test images, a gap of 33 of 10,000 images with no measure of chance.',
  );
});

test('five seeds whose interval is clear of zero are no answer, and it says why', () => {
  const few = withDifferences(CLEAR.slice(0, 5));
  expect(plain(answer(few))).toMatch(
    /^These runs do not settle whether ReLU or Tanh is the more accurate, for fewer than six decide no sign: 97\.78 % against 97\.40 % /,
  );
  expect(answer(open)).not.toContain('fewer than six');
  expect(comparison(few)[0].text).toContain(
    '; which is the more accurate is not settled, for fewer than six decide no sign.',
  );
  expect(comparison(open)[0].text).toMatch(/; which is the more accurate is not settled\.$/);
  expect(plain(strengths(few)[0].text)).toBe(
    'These five seeds show no advantage over Tanh, in accuracy, loss, speed or stability, that is decided: fewer than six decide no sign.',
  );
  expect(plain(strengths(few)[1].text)).toContain('show no advantage over ReLU');
  expect(strengths(few)[1].text).not.toContain('fewer than six');
});

test('of three arms with five seeds the leader’s lead is no answer, and it says why', () => {
  const results = madeUpResults({
    configuration: { activations: ['relu', 'gelu', 'tanh'], seeds: [1, 2, 3, 4, 5] },
    trial: (activation, k) => ({
      testAccuracy: { relu: 0.974, gelu: 0.978 + k * 0.00012, tanh: 0.978 + (k % 2 ? 0.003 : -0.0035) }[
        activation
      ]!,
    }),
  });
  expect(plain(answer(results))).toContain(
    'not settled against Tanh; clear of zero, but fewer than six decide no sign, against ReLU (',
  );
});

test('of a study that was stopped, both accuracies are of the seeds that both arms have, as the gap is', () => {
  const two = withDifferences([0.0033, 0.01]);
  const trials = two.trials.filter(({ arm, seed }) => arm !== 'tanh' || seed === 1);
  expect(answer({ ...two, trials })).toBe(answer(oneSeed));
});

test('a lead that does not hold among all tests of the claims says so at once; one that does says nothing', () => {
  // Mean .0013, sd .00102: t 3.122 with 5 degrees, p .026 (SciPy); by Holm among the tests of training alone more than .05.
  const slight = withDifferences([0.001, 0.002, 0.001, 0.003, 0.0005, 0.0003]);
  expect(plain(answer(slight))).toMatch(
    /^ReLU classifies more test images correctly than Tanh: .*\. As one of all tests behind the paper's claims this does not hold \(p by Holm 0\.\d+\), so C1 counts as undecided\.$/,
  );
  expect(conclusion({ results: slight })[0]).toBe(answer(slight));
  expect(conclusion({ results: slight })[1]).toMatch(
    / \d+ of the undecided would be decided alone, but not under Holm’s correction for the number of tests\.$/,
  );
  expect(answer(reluWins)).not.toContain('Holm');
  const elsewhere = madeUpResults({
    configuration: { activations: ['elu', 'gelu'] },
    trial: (arm, k) => ({ testAccuracy: 0.974 + (arm === 'elu' ? 0.001 + 0.001 * (k % 3) : 0) }),
  });
  expect(answer(elsewhere)).not.toContain('Holm');
});

test('reports name the rules and their note, and seeds that were seen when the rules were made', () => {
  const about = (seeds: number[], rules: Partial<Rules> = {}) => {
    const { study } = madeUpResults({ configuration: { seeds } });
    return rulesNote({ ...study, rules: { ...study.rules, ...rules } });
  };
  for (const text of [about([1, 2]), about([1001, 1002]), about([1], { rope: 0.01 })]) {
    expect(text).toContain(`The rules are version ${JUDGEMENT_VERSION}, revised after seeds 1 to 30`);
    expect(text).toContain(RULES_NOTE.sha256);
  }
  expect(about([1, 2])).toContain('The seeds of this study are among those');
  expect(about([30, 31])).toContain("Some of this study's seeds are among those");
  expect(about([31, 1001])).not.toContain('among those');
  expect(about([1], { rope: 0.01 })).not.toContain('among those');
});

test('a quick run says so before anything else', () => {
  expect(answer(withDifferences(CLEAR, { quick: true }))).toMatch(/^Quick taste, not a result\. /);
  const quick = withDifferences(CLEAR, { quick: true });
  expect(limits({ results: quick })[0].title).toBe('A quick taste');
  expect(conclusion({ results: quick }).join(' ')).toContain('neither support nor contradict');
});

test('of three arms the leader is compared with each of the others', () => {
  const results = madeUpResults({
    configuration: { activations: ['relu', 'gelu', 'tanh'] },
    trial: (activation, k) => ({
      testAccuracy: { relu: 0.974, gelu: 0.978 + k * 0.00012, tanh: 0.978 + (k % 2 ? 0.003 : -0.0035) }[
        activation
      ]!,
    }),
  });
  expect(reportTitle(results)).toBe('ReLU, GELU and Tanh on handwritten digits');
  const text = plain(answer(results));
  expect(text).toContain(
    'Of three activations GELU has the highest mean test accuracy, 97.83 % over six seeds',
  );
  expect(text).toContain('its lead is clear of zero over ReLU; not settled against Tanh');
  expect(comparison(results)[0].text).toContain('GELU minus ReLU');
});

function threeArms(accuracy: (arm: string, k: number) => number) {
  return madeUpResults({
    configuration: { activations: ['relu', 'gelu', 'tanh'] },
    trial: (arm, k) => ({ testAccuracy: accuracy(arm, k) }),
  });
}

test('arms with the same highest mean tie, and none of them is said to be ahead', () => {
  // In this order their mean is .97514999…, in the opposite one .97515000….
  const values = [0.9761, 0.9749, 0.9775, 0.9754, 0.9769, 0.9701];
  expect(plain(answer(threeArms((arm, k) => values[arm === 'gelu' ? 5 - k : k])))).toBe(
    'All three activations tie: ReLU, GELU and Tanh have the same mean test accuracy, 97.51 % over six seeds, so these runs tell none of them from the others by accuracy.',
  );
  const two = plain(answer(threeArms((arm, k) => (arm === 'gelu' ? 0.95 + k * 0.0001 : 0.97))));
  expect(two).toMatch(
    /^Of three activations ReLU and Tanh tie at the highest mean test accuracy, 97\.00 % over six seeds: the lead of ReLU is clear of zero over GELU \(each by/,
  );
  expect(two).not.toContain('not settled');
  const same = withDifferences([0, 0, 0, 0, 0, 0]);
  expect(plain(answer(same))).toMatch(
    /^ReLU and Tanh tie: with every seed both classify the same share of the test images correctly, 97\.40 % on average over six seeds\./,
  );
});

test('an arm without a mistake is not said to have a best class, a worst one and a confusion', () => {
  const results = madeUpResults({
    configuration: { arms: { plain: {} } },
    trial: () => ({ confusionMatrix: madeUpConfusion(0) }),
  });
  expect(plain(comparison(results).at(-1)!.text)).toMatch(
    /^plain recognises all digits alike \(100\.00 % of the images of each\), and takes none for another, on average over six seeds\./,
  );
});

test.each([
  [0, 'seconds on average, on '],
  [1, 'seconds on average, one at a time, on '],
  [3, 'seconds on average, up to 3 at a time, on '],
])('%i runs at the same time, 0 where nobody knows, as for trials only read again', (workers, words) => {
  const results = { ...open, environment: { ...open.environment, workers } };
  const text = whatWasDone(results)
    .map((passage) => plain(passage.text))
    .join(' ');
  expect(text).toContain(words);
});

test('what was done names recipe, runs and what validation means', () => {
  const text = plain(
    whatWasDone(open)
      .map((passage) => passage.text)
      .join(' '),
  );
  expect(text).toContain(
    'hidden layers of 128, 64 and 32 units and 10 softmax outputs (111,146 trainable parameters)',
  );
  expect(text).toContain('six seeds: twelve runs in all');
  expect(text).toContain('Nothing was selected on it');
  expect(text).toContain('The paper reports about 89 seconds for one run');
  const other = plain(
    whatWasDone(withDifferences(CLEAR, { split: { kind: 'holdout' }, dropout: 0.2, units: [] }))
      .map((passage) => passage.text)
      .join(' '),
  );
  expect(other).toContain('6,000 were held out');
  expect(other).toContain(
    "It differs from the paper's recipe: 54,000 training images and 6,000 for validation instead of 60,000 and the test set, units none instead of 128-64-32 and dropout 0.2 instead of 0",
  );
  expect(other).toContain('no hidden layer');
  expect(other).not.toContain('The paper reports');
});

test('what was done says of the recipe what is so: more runs, one each, fewer training images', () => {
  const experiment = (results: typeof open) => plain(whatWasDone(results)[0].text);
  expect(experiment(open)).toMatch(/This is the paper's recipe with more runs\.$/);
  expect(experiment(oneSeed)).toMatch(/This is the paper's recipe with one run each, as there\.$/);
  expect(experiment(withDifferences(CLEAR, { split: { kind: 'holdout' } }))).toMatch(
    /It differs from the paper's recipe: 54,000 training images and 6,000 for validation instead of 60,000 and the test set\.$/,
  );
});

test('the comparison follows the curves: who is faster, where the loss turns', () => {
  const results = madeUpResults({
    trial: (activation, k) => ({
      history: madeUpHistory({
        accuracy: shifted('accuracy', activation === 'tanh' ? 0.003 + k * 0.0001 : 0),
        val_loss:
          activation === 'tanh'
            ? [0.2, 0.18, 0.16, 0.14, 0.13, 0.12, 0.11, 0.1, 0.09, 0.08]
            : shifted('val_loss', 0),
      }),
    }),
  });
  const passages = new Map(comparison(results).map(({ title, text }) => [title, plain(text)]));
  expect(passages.get('Speed of learning')).toContain('by this interval Tanh is the faster');
  expect(passages.get('Overfitting')).toContain(
    'With ReLU the mean validation loss is lowest after epoch 5 (0.0850) and has risen by 0.0120 at the end',
  );
  expect(passages.get('Overfitting')).toContain(
    'With Tanh the mean validation loss still falls in the last epoch, at 0.0800',
  );
  expect(passages.get('Digits')).toContain(
    'ReLU recognises 1 best (98.24 % of its images) and 5 worst (97.76 %)',
  );
});

test('strengths are those whose interval is clear of zero, for the arm that has them', () => {
  const of = (results: typeof open) =>
    new Map(strengths(results).map(({ title, text }) => [title, plain(text)]));
  expect(of(reluWins).get('ReLU')).toContain('a higher test accuracy');
  expect(of(reluWins).get('Tanh')).toContain('show no advantage over ReLU');
  expect(of(tanhWins).get('Tanh')).toContain('a higher test accuracy');
  expect(of(tie).get('ReLU')).toContain('show no advantage over Tanh');
  expect(of(oneSeed).get('ReLU')).toContain('One seed shows no advantage');
});

test('of three arms each one’s strengths are listed against every rival, those that it shares in one sentence', () => {
  // What a seed changes is not the same for all arms.
  const own = (activation: string) => 0.0001 * { relu: 1, gelu: 2, tanh: 3 }[activation]!;
  const results = madeUpResults({
    configuration: { activations: ['relu', 'gelu', 'tanh'], seeds: [1, 2, 3, 4, 5, 6] },
    trial: (activation, k) => ({
      testAccuracy: { relu: 0.974, gelu: 0.978, tanh: 0.97 }[activation]! + own(activation) * ((k * 3) % 5),
      testLoss: { relu: 0.08, gelu: 0.09, tanh: 0.07 }[activation]! + own(activation) * ((k * 2) % 5),
    }),
  });
  const of = new Map(strengths(results).map(({ title, text }) => [title, plain(text)]));
  expect(of.get('ReLU')).toBe(
    'Compared with GELU, these runs show a lower test loss: the 95 % interval of the paired difference is clear of zero. Compared with Tanh, these runs show a higher test accuracy: the 95 % interval of the paired difference is clear of zero.',
  );
  expect(of.get('GELU')).toBe(
    'Compared with ReLU and Tanh, these runs show a higher test accuracy: the 95 % interval of each paired difference is clear of zero.',
  );
  expect(of.get('Tanh')).toContain('Compared with ReLU and GELU, these runs show a lower test loss');
  const lone = madeUpResults({
    configuration: { activations: ['relu', 'gelu', 'tanh'], seeds: [1, 2, 3, 4, 5, 6] },
    trial: (activation, k) => ({
      testAccuracy: { relu: 0.974, gelu: 0.974, tanh: 0.97 }[activation]! + own(activation) * ((k * 3) % 5),
    }),
  });
  expect(plain(strengths(lone)[0].text)).toContain('Over GELU they show no advantage that is clear of zero.');
});

test('limits name the seeds, the test set and the number of questions', () => {
  const text = (results: typeof open) =>
    plain(
      limits({ results })
        .map((passage) => passage.text)
        .join(' '),
    );
  expect(text(open)).toContain('Six seeds for each activation');
  expect(text(open)).toContain('show the test set, as in the paper');
  expect(text(oneSeed)).toContain('another seed may turn its sign');
  expect(text(withDifferences(CLEAR, { split: { kind: 'holdout' } }))).toContain(
    'writers who also occur in the training',
  );
  expect(text(madeUpResults({ configuration: { activations: ['elu', 'gelu'] } }))).not.toContain(
    'statements are judged',
  );
});

test('the conclusion tallies the claims and says what does not follow', () => {
  expect(plain(conclusion({ results: reluWins })[1])).toMatch(
    /^The paper makes 13 claims, two of them both ways; taken apart, they come to 38 statements, three of which repeat the test of another and are not counted again\. Of the other 35/,
  );
  expect(conclusion({ results: reluWins })[2]).toContain(
    'does not follow that the more accurate activation is better in general',
  );
  expect(conclusion({ results: open })[2]).toContain('does not follow that ReLU and Tanh are equally good');
  expect(conclusion({ results: tie })[2]).toContain(
    'does not follow that the choice of activation never matters',
  );
  expect(
    conclusion({ results: madeUpResults({ configuration: { activations: ['elu', 'gelu'] } }) })[1],
  ).toContain('not touched');
});
