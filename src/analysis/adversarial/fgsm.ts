import type { Norm } from './ball.ts';
import { LEVELS } from './target.ts';

/**
 * The fast gradient (sign) method of Goodfellow et al. 2015: one step of size ε from the image along the gradient of the cross-entropy,
 * x' = clip(x + ε sign g) for linf, x' = clip(x + ε g / ‖g‖₂) for l2, clipped into the range of pixels. `gradient` is `Target.ascent(…, 'crossEntropy')`
 * at the images; returns the changed images, floats 0 … 255. A gradient of zeros moves nothing.
 */
export function fastGradient(
  images: Float32Array,
  gradient: Float32Array,
  pixels: number,
  norm: Norm,
  epsilon: number,
): Float32Array {
  const radius = LEVELS * epsilon;
  const changed = images.slice();
  for (let first = 0; first < images.length; first += pixels) {
    const own = gradient.subarray(first, first + pixels);
    const length = norm === 'linf' ? 1 : Math.sqrt(own.reduce((sum, slope) => sum + slope * slope, 0));
    if (length === 0) continue;
    own.forEach((slope, i) => {
      const way = norm === 'linf' ? Math.sign(slope) : slope / length;
      changed[first + i] = Math.min(LEVELS, Math.max(0, images[first + i] + radius * way));
    });
  }
  return changed;
}
