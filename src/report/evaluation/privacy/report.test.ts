import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import { estimateOf } from '../../../analysis/privacy/estimate.ts';
import type { PrivacyAudit } from '../../../analysis/privacy/lossThreshold.ts';
import type { Membership } from '../../../analysis/privacy/membership.ts';
import { priceOfPrivacy, type PrivacyRun } from '../../../analysis/privacy/price.ts';
import { ROC_LEVELS } from '../../../analysis/privacy/roc.ts';
import { html } from '../../html.ts';
import { toCsv, toHtml, toLatex } from '../../table.ts';
import { FILE_THEME } from '../../theme.ts';
import type { PrivacyParts } from './parts.ts';
import { privacyReport } from './report.ts';

/** Made up: an area and a rate for each seed. */
interface MadeUp {
  readonly arm: string;
  readonly auc: readonly number[];
  readonly rate: readonly number[];
  readonly train: number;
  readonly test: number;
}

const CONSTANT: MadeUp = { arm: 'relu', auc: [0.5], rate: [0], train: 0.0987, test: 0.0974 };
const SHUFFLED: MadeUp = { arm: 'relu', auc: [0.71], rate: [0.04], train: 0.31, test: 0.1002 };
const GOOD: MadeUp = {
  arm: 'relu',
  auc: [0.512, 0.514, 0.513, 0.512, 0.514, 0.513],
  rate: [0.0011, 0.0009, 0.0012, 0.0011, 0.0009, 0.0012],
  train: 0.994,
  test: 0.977,
};
const TANH: MadeUp = {
  ...GOOD,
  arm: 'tanh',
  auc: [0.522, 0.526, 0.524, 0.522, 0.526, 0.524],
  rate: [0.0041, 0.0039, 0.0042, 0.0041, 0.0039, 0.0042],
};

function audit(...arms: MadeUp[]): PrivacyAudit {
  return {
    members: 10_000,
    others: 10_000,
    quick: false,
    falsePositives: 0.001,
    levels: ROC_LEVELS,
    runs: arms.flatMap(({ arm, auc, rate, train, test: other }) =>
      auc.map((value, k) => ({
        arm,
        activation: arm,
        seed: k + 1,
        hash: '0',
        accuracy: { members: train + k / 1e4, others: other },
        loss: { members: 0.02, others: 0.1 },
        auc: { value, low: value - 0.01, high: value + 0.01 },
        truePositive: { value: rate[k], low: 0.5 * rate[k], high: 2 * rate[k] },
      })),
    ),
    arms: arms.map(({ arm, auc, rate, train, test: other }) => ({
      arm,
      activation: arm,
      gap: estimateOf(auc.map((_, k) => train + k / 1e4 - other)),
      auc: estimateOf(auc),
      truePositive: estimateOf(rate),
      curve: ROC_LEVELS.map((level) => Math.min(1, level ** (1 - auc[0] + 0.5))),
    })),
  };
}

function membership(area: number, rate: number, networks = 6): Membership {
  const attack = (auc: number, truePositive: number) => ({
    auc: estimateOf([auc - 0.001, auc, auc + 0.001]),
    truePositive: estimateOf([0.95 * truePositive, truePositive, 1.05 * truePositive]),
    curve: ROC_LEVELS.map((level) => Math.min(1, level ** (1.5 - auc))),
  });
  return {
    images: 60_000,
    seen: 0.5,
    falsePositives: 0.001,
    levels: ROC_LEVELS,
    pooled: true,
    arms: ['relu', 'tanh'].map((arm, a) => ({
      arm,
      activation: arm,
      networks,
      gap: estimateOf([0.02, 0.021, 0.022]),
      ratio: attack(area + a / 100, rate),
      loss: attack(0.5, 0.001),
      writers: estimateOf([0.49, 0.491, 0.492]),
      runs: Array.from({ length: networks }, (_, k) => k + 1).map((seed) => ({
        arm,
        activation: arm,
        seed,
        hash: '0',
        accuracy: { members: 0.99, others: 0.97 },
        lossAuc: 0.5,
        ratioAuc: area + a / 100 + (seed * (a + 1)) / 10_000,
        ratioTruePositive: rate,
      })),
      exposed:
        rate > 0.001
          ? [{ index: 7, label: 3, pixels: new Array<number>(784).fill(9), trained: 2, told: 2 }]
          : [],
      everTold: rate > 0.001 ? 1200 : 0,
      mostlyTold: rate > 0.001 ? 300 : 0,
    })),
  };
}

function priceRuns(relu: number, tanh: number, seeds = 6, plain = true): PrivacyRun[] {
  return [relu, tanh].flatMap((accuracy, a) =>
    Array.from({ length: seeds }, (_, k) => k + 1).flatMap((seed) =>
      [...(plain ? [null] : []), 1, 4].map((noiseMultiplier) => ({
        arm: `${a === 0 ? 'relu' : 'tanh'}-${noiseMultiplier ?? 'plain'}`,
        activation: a === 0 ? 'relu' : 'tanh',
        seed,
        testAccuracy:
          noiseMultiplier === null
            ? 0.975 + seed / 1e4
            : accuracy - noiseMultiplier / 100 + (seed * (a + 1)) / 1e4,
        privacy: noiseMultiplier === null ? null : { clip: 1, noiseMultiplier },
        images: 60_000,
        batchSize: 600,
        epochs: 10,
      })),
    ),
  );
}

/** All that a report says, and checks that all of it can be drawn and placed. */
function said(parts: PrivacyParts): {
  text: string;
  follows: string;
  highlights: string;
  kinds: string[];
  status: string[];
} {
  const report = privacyReport(parts);
  const { document } = new JSDOM('').window;
  const figures = report.figures({ document, theme: FILE_THEME });
  const names = [...figures, ...report.tables].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { svg, alt } of figures) {
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(alt).not.toMatch(/NaN|∞|undefined|null/);
  }
  for (const table of report.tables) {
    expect(toHtml(table).markup + toCsv(table) + toLatex(table)).not.toMatch(/NaN|undefined/);
  }
  const placed: string[] = [];
  const place = (name: string) => {
    placed.push(name);
    expect(names).toContain(name);
    return html`${name}`;
  };
  const pages = report.pages(place, place);
  expect(placed.sort()).toEqual(names.sort());
  const text = pages
    .flatMap(({ measured, follows, unknown }) => [measured, ...follows, ...unknown])
    .join('\n');
  const highlights = report.highlights
    .map(({ label, value, meaning }) => `${label}: ${value}. ${meaning}`)
    .join('\n');
  expect(text + highlights).not.toMatch(/NaN|undefined|null|Infinity/);
  return {
    text: text.replaceAll('\u00a0', ' '),
    follows: pages
      .flatMap((page) => page.follows)
      .join('\n')
      .replaceAll('\u00a0', ' '),
    highlights: highlights.replaceAll('\u00a0', ' '),
    kinds: report.highlights.map(({ kind }) => kind),
    status: pages.map(({ status }) => status),
  };
}

test('nothing measured: every page says which command measures it, consent is a server’s, and no guarantee is claimed', () => {
  const { text, status, follows, highlights } = said({});
  expect(status).toEqual(['not measured', 'not measured', 'not measured', 'built']);
  expect(text).toContain('dactyl study run studies/membership.json');
  expect(text).toContain('dactyl study run studies/privacy.json');
  expect(follows).toBe('');
  expect(highlights).toContain('Guarantee of privacy: none.');
});

test('a constant network: no more than guessing, and no claim of safety', () => {
  const { follows, highlights, kinds } = said({ audit: audit(CONSTANT) });
  expect(follows).toContain('cannot be told from guessing');
  expect(follows).toContain('no protection to rely on');
  expect(follows).not.toContain('gives away');
  expect(follows).toContain('points more of the training images');
  expect(highlights).toContain('a better one might');
  expect(kinds).toEqual(['number', 'risk']);
});

test('100 images that it was not trained on are too few for 0.1 % false accusations: nobody is said to be recognised, whatever the interval', () => {
  const noise = { ...CONSTANT, rate: [0.0178] };
  const { text, highlights, kinds } = said({ audit: { ...audit(noise), members: 2000, others: 100 } });
  const few =
    'too few images for a rate of 0.1 %: at least 1,000 that it was not trained on are needed, there are 100';
  expect(text).toContain(`How many it recognises for certain cannot be told: ${few}.`);
  expect(highlights).toContain(few);
  expect(text + highlights).not.toMatch(
    /1\.78|times what|can tell of some|accusations are right|false accusations it/,
  );
  expect(kinds).toEqual(['number', 'risk']);
});

test('recognised for certain: the share of right accusations has both intervals’ worse ends', () => {
  const { highlights } = said({ audit: audit(SHUFFLED) });
  // 2 % at least are recognised; of 10 in 10,000 Clopper–Pearson's upper end is .001838: .02 / .021838 = .9158.
  expect(highlights).toContain('at least 91 of 100 accusations are right');
});

test('an area that is clear of one half over networks, but not over the images that these share, is no leak', () => {
  // Of 10,000 and 10,000 images drawn alike an area strays by √(20,001 / 12e8) = .00408; 1.96 of these are .0080.
  const made = { ...GOOD, auc: GOOD.auc.map((one) => one - 0.006) };
  expect(said({ audit: audit(made) }).follows).toContain(
    'by the images, which all networks share, that cannot be told from guessing, 50.',
  );
});

test('a network trained on shuffled labels: a leak with its size, although it reads nothing', () => {
  const { follows, kinds } = said({ audit: audit(SHUFFLED) });
  expect(follows).toContain('71.0 of 100 (95 % interval 70.0 to 72.0)');
  expect(follows).toContain('clearly gives away');
  expect(follows).toContain('40.0 times what guessing does');
  expect(follows).toContain('reads only 10.0 %');
  expect(kinds).toEqual(['risk', 'risk']);
});

test('a good network with six seeds: hardly a leak by area, none that can be shown by rate; one arm claims no comparison', () => {
  const { follows } = said({ audit: audit(GOOD) });
  expect(follows).toContain('mean of six networks');
  expect(follows).toContain('hardly gives away');
  expect(follows).toContain('more than that could not be shown');
  expect(follows).not.toContain('Tanh');
  expect(follows).not.toContain('reads only');
});

test('ReLU and Tanh: the difference with its interval and what the paper says of it; one seed claims nothing', () => {
  const { follows } = said({ audit: audit(GOOD, TANH) });
  expect(follows).toContain('is larger with Tanh than with ReLU');
  expect(follows).toContain('The paper makes no claim');
  const alike = said({
    audit: audit(GOOD, { ...GOOD, arm: 'tanh', auc: [0.514, 0.512, 0.513, 0.514, 0.512, 0.513] }),
  });
  expect(alike.follows).toContain('No difference of ReLU and Tanh could be shown');
  const one = said({
    audit: audit({ ...GOOD, auc: [0.512], rate: [0.001] }, { ...TANH, auc: [0.522], rate: [0.004] }),
  });
  expect(one.follows).toContain('with one seed, from which nothing follows');
});

test('a correlation of eight networks in arms of two decides no sign, for as few exchanges within arms as four pairs have; twelve do', () => {
  const names = ['relu', 'tanh', 'gelu', 'elu', 'selu', 'sigmoid'];
  const arms = names.map((arm, k): MadeUp => ({ ...GOOD, arm, auc: [0.51, 0.52 + k / 1e3] }));
  // Deviations of the area ±.0050, .0055, .0060, .0065 and of the gap all alike: r = .00575 / √(.00003338) = .9953.
  const eight = said({ audit: audit(...arms.slice(0, 4)) }).follows;
  expect(eight).toContain(
    'No relation of the gap between training and test with what is given away could be',
  );
  expect(eight).toMatch(
    /within arms \+1\.00, 95 % interval \+0\.\d\d to \+1\.00, eight networks, clear of zero, but fewer than six decide no sign\)/,
  );
  expect(said({ audit: audit(...arms) }).follows).toContain('also give away more (correlation');
});

test('an area below one half is no sign of membership', () => {
  const { follows } = said({ audit: audit({ ...GOOD, auc: [0.47, 0.471, 0.469] }) });
  expect(follows).toContain('no sign of membership');
});

test('likelihood ratio: a leak the plain threshold misses, with the exposed images; or none', () => {
  const leak = said({ membership: membership(0.53, 0.009) });
  expect(leak.follows).toContain('9.0 times what guessing does');
  expect(leak.follows).toContain('would call the network safer than it is');
  expect(leak.follows).toContain('finds less than there is');
  expect(leak.follows).toContain('300 of 60,000 images');
  expect(leak.follows).toContain('is larger with Tanh than with ReLU');
  expect(leak.kinds[0]).toBe('risk');
  const none = said({ membership: membership(0.5, 0.0005) });
  expect(none.follows).toContain('cannot be shown to give away');
  expect(none.follows).toContain('no single image was recognised');
  expect(none.follows).not.toContain('safer than it is');
  // Of 1,800 images 900 were not seen, fewer than 1,000; some are called trained on, and are not shown.
  const few = said({ membership: { ...membership(0.53, 0.009), images: 1800 } });
  expect(few.follows).toContain('no single image can be shown to be recognised');
  expect(few.follows).toContain('at least 1,000 that it was not trained on are needed');
  expect(few.follows + few.highlights).not.toMatch(/times what|in at least half|accusations are right/);
});

test('the price: cost at the ε nearest 1 with its interval, ReLU against Tanh, labelled a demonstration', () => {
  const { text, follows, highlights, status } = said({ price: priceOfPrivacy(priceRuns(0.94, 0.95)) });
  expect(status[2]).toBe('measured');
  expect(text).toContain('A demonstration: the noise seed is public, so ε is what a secret seed would give.');
  expect(follows).toContain('ReLU reaches');
  expect(follows).toMatch(/privacy costs \d\.\d\d points \(95 % interval/);
  expect(follows).toContain('is larger with Tanh than with ReLU');
  expect(follows).toContain('under privacy that is not so');
  expect(highlights).toContain('a demonstration');
});

test('the price with ReLU ahead, with one seed, and without a network to compare with', () => {
  expect(said({ price: priceOfPrivacy(priceRuns(0.95, 0.94)) }).follows).toContain('without privacy only');
  const one = said({ price: priceOfPrivacy(priceRuns(0.94, 0.95, 1)) });
  expect(one.follows).toContain('with one seed, from which nothing follows');
  expect(one.follows).toContain('cannot be told from none with one seed');
  const bare = said({ price: priceOfPrivacy(priceRuns(0.94, 0.95, 6, false)) });
  expect(bare.follows).toContain('no network without privacy was run');
});

test('five pairs of seeds decide neither between the activations nor what privacy costs or buys, and say why; six do', () => {
  const few = ', clear of zero, but fewer than six decide no sign';
  const five = (made: MadeUp): MadeUp => ({ ...made, auc: made.auc.slice(1), rate: made.rate.slice(1) });
  const audited = said({ audit: audit(five(GOOD), five(TANH)) }).follows;
  expect(audited).toMatch(
    new RegExp(
      `^No difference of ReLU and Tanh could be shown in the area .*, 5 paired seeds${few}\\)\\.`,
      'm',
    ),
  );
  expect(said({ membership: membership(0.53, 0.009, 5) }).follows).toContain(`5 paired seeds${few})`);
  const priced = (seeds: number) => {
    const runs = priceRuns(0.94, 0.95, seeds).map((run) =>
      // Less noise buys a little more with every seed.
      run.privacy?.noiseMultiplier === 1 ? { ...run, testAccuracy: run.testAccuracy + run.seed / 1e4 } : run,
    );
    return said({ price: priceOfPrivacy(runs) }).follows;
  };
  const price = priced(5);
  expect(price).toMatch(
    /its cost, \d\.\d\d points \(95 % interval .*\), is clear of zero, but fewer than six/,
  );
  // .03 and .0001 to .0005 for the five seeds: .0303 ± 2.7764 × .000158 / √5, by hand.
  expect(price).toMatch(
    new RegExp(
      `^With ReLU it is not settled whether less privacy buys accuracy: \\+3\\.03 points \\(95 % interval \\+3\\.01 to \\+3\\.05 points\\) from ε = \\S+ to ε = \\S+${few}\\.$`,
      'm',
    ),
  );
  expect(price).toContain(`5 paired seeds${few}) `.trimEnd());
  expect(price).toContain('without privacy only');
  expect(price).not.toMatch(/is larger with|privacy costs|, less privacy buys|that is not so/);
  const six = priced(6);
  expect(six).toContain('privacy costs');
  expect(six).toContain('With ReLU, less privacy buys accuracy: +3.04 points');
});

test('all parts together: every figure and table has its place, names are unique', () => {
  const { kinds } = said({
    audit: audit(GOOD, TANH),
    membership: membership(0.53, 0.009),
    price: priceOfPrivacy(priceRuns(0.94, 0.95)),
  });
  // Both arms of the audit, each a risk of its own.
  expect(kinds).toEqual(['risk', 'risk', 'risk', 'number', 'risk']);
});
