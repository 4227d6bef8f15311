import { multiplyAdds, plannedSteps } from '../nn/plannedSteps.ts';
import type { Sequential } from '../nn/sequential.ts';

/** Products of one answer of the paper's network, 784 → 128 → 64 → 32 → 10. */
const USUAL = 784 * 128 + 128 * 64 + 64 * 32 + 32 * 10;

/** Costs up to which every part takes all its images. */
const FREE = 6;

/**
 * How many times the products of the paper's network one answer takes, at least 1. A network of dense layers counts as 1 whatever its width: it is measured on
 * the usual numbers of images.
 */
export function costOf({ layers }: Pick<Sequential, 'layers'>): number {
  const kernels = plannedSteps(layers).filter(({ step }) => step.multiplyAdds !== undefined);
  if (kernels.every(({ step }) => step.spec.kind === 'dense')) return 1;
  return Math.max(1, multiplyAdds(layers) / USUAL);
}

/** Of the costliest of several networks, which are measured on the same images. */
export function largestCost(models: readonly Pick<Sequential, 'layers'>[]): number {
  return Math.max(...models.map(costOf));
}

/** Images that such a network is measured on where a usual one takes `images`: fewer in proportion, but at least `least`. A matter of the cost alone, so that it is the same on every machine. */
export function affordable(images: number, cost: number, least: number): number {
  return cost <= FREE ? images : Math.max(Math.min(images, least), Math.floor((images * FREE) / cost));
}

/** By what the rough time of a part is multiplied; `fewer`: where it takes fewer images. Measured: an answer takes a third of the time that products alone would say. */
export function timesLonger(cost: number, fewer: boolean): number {
  return Math.max(1, fewer ? Math.min(cost, FREE) : cost / 3);
}

/** The cost, where it made the images fewer: for the result that states it. */
export function statedCost(cost: number): { readonly cost?: number } {
  return cost > FREE ? { cost } : {};
}
