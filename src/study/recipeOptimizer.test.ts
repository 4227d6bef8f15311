import { expect, test } from 'vitest';
import { Adagrad, Adam, AdamW, Lion, RMSprop, SGD } from '../nn/optimizers.ts';
import { resolveStudy } from './configuration.ts';
import { PAPER_RECIPE, type Recipe } from './recipe.ts';
import { optimizerOf } from './recipeOptimizer.ts';

function recipeOf(own: Partial<Recipe>): Recipe {
  return resolveStudy({ name: 'a', question: 'q', arms: { own }, seeds: 1 }).arms[0].recipe;
}

test('any optimizer by its name, with the recipe’s rate and its own defaults', () => {
  const learningRate = 0.001;
  expect(
    (['adam', 'sgd', 'adamW', 'rmsprop', 'adagrad', 'lion'] as const).map((optimizer) =>
      optimizerOf(recipeOf({ optimizer })),
    ),
  ).toEqual([
    Adam({ learningRate }),
    SGD({ learningRate }),
    AdamW({ learningRate }),
    RMSprop({ learningRate }),
    Adagrad({ learningRate }),
    Lion({ learningRate }),
  ]);
});

test('options go to the optimizer; those with their default are absent from the recipe', () => {
  expect(optimizerOf(recipeOf({ optimizer: 'rmsprop', momentum: 0.5, rho: 0.8, clipnorm: 1 }))).toEqual(
    RMSprop({ learningRate: 0.001, momentum: 0.5, rho: 0.8, clipnorm: 1 }),
  );
  expect(recipeOf({ optimizer: 'adamW', weightDecay: 0.004, beta1: 0.9, beta2: 0.99 })).toEqual({
    ...PAPER_RECIPE,
    optimizer: 'adamW',
    beta2: 0.99,
  });
  expect(recipeOf({ weightDecay: 0 })).toEqual(PAPER_RECIPE);
  // No clipping is not clipping at 1.
  expect(recipeOf({ clipvalue: 1 })).toEqual({ ...PAPER_RECIPE, clipvalue: 1 });
});

test.each<[Partial<Recipe>, RegExp]>([
  [
    { momentum: 0.9 },
    /own: expected momentum with the optimizer sgd or rmsprop only; received 0.9 with adam/,
  ],
  [{ rho: 0.9 }, /own: Adam: expected options of .*received 'rho'/],
  [{ optimizer: 'lion', nesterov: true }, /own: Lion: .*received 'nesterov'/],
  [{ weightDecay: -1 }, /own: Adam: expected .*weightDecay.*-1/],
  [{ clipnorm: 1, clipvalue: 1 }, /own: Adam: expected at most one of clipnorm, globalClipnorm, clipvalue/],
  [
    { optimizer: 'adamax' as 'adam' },
    /arms\.own\.optimizer: expected one of adam, sgd, adamW, rmsprop, adagrad, lion/,
  ],
])('%o is refused', (own, message) => {
  expect(() => recipeOf(own)).toThrow(message);
});
