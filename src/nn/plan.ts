import type { LayerSpec, NetworkSpec } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import { formatShape, sizeOf } from '../util/tensor.ts';
import type { Layer } from './layers.ts';
import type { SummaryRow } from './summary.ts';

/** A stack of layers worked out: shapes, parameter counts, and the network the engine runs. */
export interface Plan {
  readonly inputShape: readonly number[];
  /** Outputs of the last layer. */
  readonly outputs: number;
  readonly rows: readonly SummaryRow[];
  readonly network: NetworkSpec;
}

/** 1 GB of float32. */
const MOST_PARAMETERS = 2 ** 28;

/** Per dense layer the shape of its kernel, then that of its bias where it has one. */
export function weightShapes({ inputs, layers }: NetworkSpec): number[][] {
  let width = inputs;
  return layers.flatMap((layer) => {
    if (layer.kind === 'dropout') return [];
    const kernel = [width, layer.units];
    width = layer.units;
    return layer.useBias ? [kernel, [layer.units]] : [kernel];
  });
}

/** Follows the shapes through the layers; throws E_ARGUMENT or E_SHAPE where they do not fit together. */
export function planLayers(layers: readonly Layer[]): Plan {
  const [input] = layers as readonly (Layer | undefined)[];
  if (input?.type !== 'Input') {
    throw new DactylError(
      'E_ARGUMENT',
      `Sequential: expected the first layer to be Input([…]), such as Input([28, 28]); received ${input?.type ?? 'no layer'}.`,
    );
  }
  let shape = input.shape;
  let scale = 1;
  let offset = 0;
  const network: LayerSpec[] = [];
  const rows: SummaryRow[] = [];
  const seen = new Map<string, number>();
  for (const layer of layers.slice(1)) {
    let parameters = 0;
    switch (layer.type) {
      case 'Input':
        throw new DactylError('E_ARGUMENT', 'Sequential: Input may stand first only.');
      case 'Flatten':
        shape = [sizeOf(shape)];
        break;
      case 'Rescaling':
        if (network.length > 0) {
          throw new DactylError(
            'E_ARGUMENT',
            'Sequential: Rescaling has to stand before the first Dense or Dropout.',
          );
        }
        scale *= layer.scale;
        offset = offset * layer.scale + layer.offset;
        break;
      case 'Dropout':
        network.push({ kind: 'dropout', rate: layer.rate });
        break;
      case 'Dense': {
        if (shape.length !== 1) {
          throw new DactylError(
            'E_SHAPE',
            `Dense: expected flat inputs, received shape ${formatShape(shape)}. Put Flatten() before it.`,
          );
        }
        const { units, activation, parameter, useBias, kernelRegularizer } = layer;
        network.push({ kind: 'dense', units, activation, parameter, useBias, ...kernelRegularizer });
        parameters = (shape[0] + Number(useBias)) * units;
        shape = [units];
        break;
      }
    }
    const type = layer.type.toLowerCase();
    const number = seen.get(type) ?? 0;
    seen.set(type, number + 1);
    rows.push({
      layer: `${number === 0 ? type : `${type}_${number}`} (${layer.type})`,
      outputShape: shape,
      parameters,
    });
  }
  if (!network.some(({ kind }) => kind === 'dense')) {
    throw new DactylError('E_ARGUMENT', 'Sequential: expected at least one Dense layer, received none.');
  }
  if (network[network.length - 1].kind === 'dropout') {
    throw new DactylError('E_ARGUMENT', 'Sequential: expected a Dense layer last, received Dropout.');
  }
  const total = rows.reduce((sum, { parameters }) => sum + parameters, 0);
  if (!(total <= MOST_PARAMETERS)) {
    throw new DactylError(
      'E_ARGUMENT',
      `Sequential: expected at most ${MOST_PARAMETERS} parameters, received ${total}.`,
    );
  }
  return {
    inputShape: input.shape,
    outputs: shape[0],
    rows,
    network: { inputs: sizeOf(input.shape), scale, offset, layers: network },
  };
}
