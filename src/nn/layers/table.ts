import * as form from '../../util/form.ts';
import { memberOf } from '../../util/members.ts';
import { requireItems } from '../../util/options.ts';
import { resolveName } from '../names.ts';
import type { Layer } from './all.ts';
import { COMMON_FIELDS, type LayerData, type LayerDefinition } from './layer.ts';
import { LAYERS } from './members.ts';

export { LAYERS };
export type { Layer };

/** What a layer is in a file. */
export const SAVED_LAYER = {
  problem(value: unknown, at: string): string | undefined {
    const type = (value as { type?: unknown } | null | undefined)?.type;
    const known = form.oneOf(...Object.keys(LAYERS)).problem(type, `${at}/type`);
    if (known !== undefined) return known;
    const { fields } = layerNamed(type as string);
    return form.fields({ type: form.text, ...fields, ...COMMON_FIELDS }).problem(value, at);
  },
} as form.Form<LayerData>;

/**
 * Layers from plain data, as study files and models hold them: `[{ type: 'Input', shape: [28, 28] }, …]`. What is left out has the default of the layer's
 * function. E_ARGUMENT for an unknown layer or field, or a wrong value, E_BUNDLE for a layer that a page's bundle does not hold.
 */
export function layersFrom(data: readonly LayerData[]): Layer[] {
  requireItems('layersFrom: layers', ['type'], data);
  return data.map((layer) => {
    const type = resolveName('layer', LAYERS, layer.type);
    return layerNamed(type).rebuild(layer) as Layer;
  });
}

/** E_BUNDLE where it is not in the bundle. */
function layerNamed(type: string): LayerDefinition<LayerData> {
  return memberOf<unknown>('layer', LAYERS, type) as LayerDefinition<LayerData>;
}
