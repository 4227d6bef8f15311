import { activationOf } from './network.ts';
import type { Recipe } from './recipe.ts';
import type { Study } from './configuration.ts';
import { canonicalJson } from '../util/canonicalJson.ts';

/** What an honest comparison of arms takes a study of its own for. */
export const PURPOSES = ['folds', 'learningRate', 'initializer', 'tuning'] as const;
export type Purpose = (typeof PURPOSES)[number];

type Described = Pick<Study, 'arms' | 'split'>;

/** What a study is for: cross-validation, or arms that differ in the learning rate, or the initializer, alone. A search is for tuning. */
export function purposesOf({ arms, split }: Described): Purpose[] {
  return [
    ...(split.kind === 'folds' ? (['folds'] as const) : []),
    ...(['learningRate', 'initializer'] as const).filter((key) => varies(arms, key)),
  ];
}

/** Whether every activation has arms that differ in this setting alone, which is then asked of all of them alike. */
function varies(arms: Described['arms'], key: 'learningRate' | 'initializer'): boolean {
  const groups = new Map<string, Set<string>>();
  for (const { recipe } of arms) {
    const rest: Partial<Recipe> = { ...recipe };
    delete rest[key];
    const text = canonicalJson(rest);
    groups.set(text, (groups.get(text) ?? new Set()).add(String(recipe[key])));
  }
  return [...groups.values()].every(({ size }) => size > 1);
}

/** Whether what the other study says bears on this one: it has as many of its activations, or networks with layers of their own, as a comparison takes. */
export function bearsOn(other: Pick<Study, 'arms'>, { arms }: Pick<Study, 'arms'>): boolean {
  const own = activations(arms);
  const shared = [...activations(other.arms)].filter((activation) => own.has(activation));
  return shared.length >= Math.min(2, own.size);
}

function activations(arms: Study['arms']): Set<string> {
  return new Set(
    arms.map(({ recipe }) => (recipe.layers ? canonicalJson(recipe.layers) : activationOf(recipe))),
  );
}
