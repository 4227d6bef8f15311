import type { ActivationName } from '../engine/activations/activations.ts';
import type { ActivationSpec } from '../engine/ops/activation.ts';
import { plannedSteps } from '../nn/plannedSteps.ts';
import type { Sequential } from '../nn/sequential.ts';
import { sizeOf, type Tensor } from '../util/tensor.ts';

/** The units of a layer with a kernel other than the last such layer, with the activation that follows before the next one. */
export interface HiddenLayer {
  readonly activation: ActivationName;
  readonly parameter: number;
  /** Steps of the network up to what goes into the activation, and to what comes out of it; the same without one. */
  readonly before: number;
  readonly steps: number;
  /** Of a dense layer its units; channels of images, whose values are a map. */
  readonly units: number;
  /** Values that a unit has in one image. */
  readonly places: number;
}

/** From below. A normalisation or pooling before the activation belongs to it; an activation of its own counts like a layer's. */
export function hiddenLayers({ layers }: Pick<Sequential, 'layers'>): HiddenLayer[] {
  const steps = plannedSteps(layers);
  const kernels = [...steps.keys()].filter((k) => steps[k].step.multiplyAdds !== undefined);
  return kernels.slice(0, -1).flatMap((start, k) => {
    const found = Array.from({ length: kernels[k + 1] - start - 1 }, (_, i) => start + 1 + i).filter(
      (at) => steps[at].step.spec.kind === 'activation',
    );
    if (found.length === 0) {
      const end = start + 1;
      return [
        { activation: 'linear', parameter: 0, before: end, steps: end, ...unitsOf(steps[start].shape) },
      ];
    }
    return found.map((at): HiddenLayer => {
      const { activation, parameter } = steps[at].step.spec as ActivationSpec;
      return { activation, parameter, before: at, steps: at + 1, ...unitsOf(steps[at].shape) };
    });
  });
}

/** What the last layer with a kernel reads, as a number of steps; null for a network without a hidden layer. */
export function stepsBelowLast({ layers }: Pick<Sequential, 'layers'>): number | null {
  const steps = plannedSteps(layers);
  const kernels = [...steps.keys()].filter((k) => steps[k].step.multiplyAdds !== undefined);
  return kernels.length < 2 ? null : kernels[kernels.length - 1];
}

function unitsOf(shape: readonly number[]): { units: number; places: number } {
  const units = shape[shape.length - 1];
  return { units, places: sizeOf(shape) / units };
}

/** Shows `see` the outputs after `steps` steps, [rows][width], some images at a time, so that they need not all fit into memory: at most `mostFloats` outputs. */
export function forEachOutputs(
  model: Sequential,
  images: Tensor,
  steps: number,
  see: (outputs: Float32Array, first: number, rows: number) => void,
  mostFloats = 2 ** 24,
): void {
  const { shape } = plannedSteps(model.layers)[steps - 1];
  const [count, ...extents] = images.shape;
  const size = images.data.length / count;
  const chunk = Math.max(1, Math.floor(mostFloats / sizeOf(shape)));
  for (let first = 0; first < count; first += chunk) {
    const rows = Math.min(chunk, count - first);
    const data = images.data.subarray(first * size, (first + rows) * size);
    see(
      model.withRows({ data, shape: [rows, ...extents] }, (input) => model.network.outputsOf(input, steps)),
      first,
      rows,
    );
  }
}
