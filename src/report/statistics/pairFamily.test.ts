import { expect, test } from 'vitest';
import { armsOf } from '../../study/arm.ts';
import { madeUpResults } from '../../study/fixtures/madeUp.ts';
import { judgeClaims } from '../../study/judge.ts';
import { answer } from '../prose/answer.ts';
import { limits } from '../prose/limits.ts';
import { pairFamily } from './pairFamily.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

// SciPy 1.17: p of these six differences is 9.0694e-6, of the slight ones (t 3.122, 5 degrees) .0262.
const CLEAR = [0.003, 0.004, 0.0035, 0.0045, 0.004, 0.0038];
const SLIGHT = [0.001, 0.002, 0.001, 0.003, 0.0005, 0.0003];

/** The first arm is ahead by so much with each seed; losses are all the same, with a p of 1. */
function ahead(activations: string[], by: (arm: string) => readonly number[]) {
  return madeUpResults({
    configuration: { activations },
    trial: (arm, k) => ({ testAccuracy: 0.97 + (arm === activations[0] ? 0 : -by(arm)[k]) }),
  });
}

test('every two arms, accuracy and loss, are one family: of six tests the smallest p is taken six times', () => {
  const results = ahead(['elu', 'gelu', 'selu'], () => CLEAR);
  const [elu, gelu, selu] = armsOf(results);
  const family = pairFamily(results, judgeClaims(results))!;
  expect(family.tests).toBe(6);
  expect(family.holmOf(elu, gelu, 'testAccuracy')).toBeCloseTo(6 * 9.0694e-6, 8);
  expect(family.holmOf(selu, elu, 'testAccuracy')).toBeCloseTo(6 * 9.0694e-6, 8);
  expect(family.holmOf(gelu, selu, 'testAccuracy')).toBe(1);
  expect(family.holmOf(elu, gelu, 'testLoss')).toBe(1);
  expect(plain(answer(results))).toMatch(
    / \(each by a 95 % interval of its own\)\. The lead holds with Holm's correction for all 6 tests of accuracy and loss between the arms\.$/,
  );
});

test('a lead that is clear by itself and not in the family says so: of two tests .0262 becomes .052', () => {
  const two = ahead(['elu', 'gelu'], () => SLIGHT);
  expect(plain(answer(two))).toMatch(
    /^ELU classifies more .* As one of two tests, of accuracy and of loss, this does not hold \(p by Holm 0\.052\)\.$/,
  );
  const three = ahead(['elu', 'gelu', 'selu'], (arm) => (arm === 'gelu' ? CLEAR : SLIGHT));
  expect(plain(answer(three))).toMatch(
    /clear of zero over GELU and SELU .* The lead over SELU does not hold with Holm's correction for all 6 tests of accuracy and loss between the arms\.$/,
  );
  const limit = limits({ results: three }).find(({ title }) => title === 'Many questions at once');
  expect(plain(limit!.text)).toMatch(
    /^Six differences between arms, .* about 0\.3 of the 95 % intervals would be expected to miss it by chance\./,
  );
});

test('there is none where the claims are tested, nor where one seed allows no test', () => {
  const claimed = ahead(['relu', 'tanh'], () => CLEAR);
  expect(pairFamily(claimed, judgeClaims(claimed))).toBeNull();
  const one = madeUpResults({ configuration: { activations: ['elu', 'gelu'], seeds: [1] } });
  expect(pairFamily(one, judgeClaims(one))).toBeNull();
});
