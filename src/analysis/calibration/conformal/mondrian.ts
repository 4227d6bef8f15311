import { requireLabels } from '../../checks.ts';
import { requireFields, requireNumber, requireNumbers } from '../../../util/options.ts';
import { conformalQuantile } from './sets.ts';

/**
 * Mondrian conformal prediction (Vovk, Lindsay, Nouretdinov & Gammerman 2003): a quantile for each category, so that
 * coverage is promised in each. The quantile of category g is that of `own`, the scores of the calibration images' own labels, over the images of g; ∞, all
 * classes in the set, where they are too few. By class, the category of an image is its label when calibrating, and the
 * candidate class afterwards; by population, it is the population of the image's writer.
 */
export function mondrianQuantiles(
  own: Float64Array,
  groups: { readonly categories: Uint8Array; readonly count: number },
  alpha: number,
): number[] {
  requireNumbers('mondrianQuantiles: own', own);
  requireFields('mondrianQuantiles: groups', ['categories', 'count'], groups);
  requireNumber('mondrianQuantiles: alpha', alpha);
  const { categories, count } = groups;
  requireLabels(categories, { count: own.length, classes: count }, 'Categories of calibration images');
  return Array.from({ length: count }, (_, g) =>
    conformalQuantile(
      own.filter((_score, i) => categories[i] === g),
      alpha,
    ),
  );
}
