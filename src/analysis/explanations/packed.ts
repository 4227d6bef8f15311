import { fromBase64, toBase64 } from '../../util/base64.ts';

/** A signed map in 255 levels, small enough to be kept as JSON: value = level × scale / 127. */
export interface PackedMap {
  /** The largest absolute value. */
  readonly scale: number;
  /** Base64 of signed bytes. */
  readonly levels: string;
}

export function packMap(map: Float32Array): PackedMap {
  const scale = map.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const levels = Int8Array.from(map, (value) => (scale > 0 ? Math.round((127 * value) / scale) : 0));
  return { scale, levels: toBase64(new Uint8Array(levels.buffer)) };
}

/** −1 to 1: each value divided by the largest absolute one; all 0 where the map is. */
export function unpackMap({ levels }: PackedMap): Float32Array {
  return Float32Array.from(new Int8Array(fromBase64(levels).buffer), (level) => level / 127);
}
