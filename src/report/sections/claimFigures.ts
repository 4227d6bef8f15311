import type { ClaimId } from '../../study/claims.ts';
import type { Figure } from '../figures/figure.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';

/** The figures that show what a claim is about; `ARM` stands for each of the two arms. */
const FIGURES: Readonly<Record<ClaimId, readonly string[]>> = {
  C1: ['test-accuracy', 'accuracy-differences'],
  C2: ['image-sets'],
  C3: ['accuracy-ARM'],
  C4: ['validation-accuracy', 'validation-loss'],
  C5: ['validation-loss', 'loss-ARM'],
  C6: ['validation-accuracy', 'validation-loss'],
  C7: [],
  C8: [],
  C9: ['confusion-ARM-rates'],
  C10: ['confusion-ARM-counts'],
  C11: ['validation-accuracy'],
  C12: ['accuracy-ARM'],
  C13: ['loss-ARM'],
};

/** Claims whose figures are pages of the critical evaluation. */
const EVALUATED: readonly ClaimId[] = ['C2', 'C7', 'C8'];

/** Links from a claim to its figures on the page, and to the evaluation beside it; nothing where there is neither. */
export function claimFigures(
  id: ClaimId,
  {
    figures,
    arms,
    evaluated,
  }: { figures: ReadonlyMap<string, Figure>; arms: readonly string[]; evaluated: boolean },
): Html | null {
  const names = FIGURES[id].flatMap((name) =>
    name.includes('ARM') ? arms.map((arm) => name.replace('ARM', arm)) : [name],
  );
  const links = [
    ...names.flatMap((name) => {
      const figure = figures.get(name);
      return figure ? [html`<a href="#figure-${name}">${figure.title}</a>`] : [];
    }),
    ...(evaluated && EVALUATED.includes(id)
      ? [html`<a href="evaluation.html#E1">Critical evaluation, real and noisy data</a>`]
      : []),
  ];
  if (links.length === 0) return null;
  return html`<p class="plots">Plots: ${links.map((link, i) => html`${i === 0 ? null : '; '}${link}`)}</p>`;
}
