import type { Step } from '../engine/op.ts';
import type { LayerData } from './layers/layer.ts';
import { planLayers } from './plan.ts';

/** A step of the network that layers make. */
export interface PlannedStep {
  readonly step: Step;
  /** The name and the type of the layer that it is of. */
  readonly layer: string;
  readonly type: string;
  /** Of one row below and above it. */
  readonly input: readonly number[];
  readonly shape: readonly number[];
}

/** From the inputs to the outputs. */
export function plannedSteps(layers: readonly LayerData[]): PlannedStep[] {
  const { layers: planned, network } = planLayers(layers);
  return planned.slice(1).flatMap(({ name, steps: end }, k) => {
    let { shape } = planned[k];
    return network.steps.slice(planned[k].steps, end).map((step) => {
      const input = shape;
      shape = step.shape(input);
      return { step, layer: name, type: layers[k + 1].type, input, shape };
    });
  });
}

/** Products of weights and inputs that one answer takes: a measure of its cost that is the same on every machine. */
export function multiplyAdds(layers: readonly LayerData[]): number {
  return plannedSteps(layers).reduce((sum, { step, input }) => sum + (step.multiplyAdds?.(input) ?? 0), 0);
}
