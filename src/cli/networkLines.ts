import { networkLayers, networkWords } from '../study/network.ts';
import type { Study } from '../study/configuration.ts';
import { activationName, grouped } from '../study/wording.ts';
import { planLayers } from '../nn/plan.ts';
import { wrapped } from './terminal.ts';

/** The networks of arms with layers of their own, and an empty line; nothing where there are none. */
export function networkLines({ arms }: Pick<Study, 'arms'>): string[] {
  const lines = arms.flatMap(({ name, recipe }) => {
    if (!recipe.layers) return [];
    const { rows } = planLayers(networkLayers(recipe));
    const parameters = rows.reduce((sum, row) => sum + row.parameters, 0);
    return [wrapped(`${activationName(name)}: ${networkWords(recipe)}; ${grouped(parameters)} parameters.`)];
  });
  return lines.length === 0 ? [] : [...lines, ''];
}
