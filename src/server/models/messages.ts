import type { ErrorCode } from '../../util/errors.ts';
import type { NetworkFacts } from './infer.ts';

/** To a thread that computes. */
export type Order =
  | { readonly kind: 'load'; readonly network: NetworkFacts }
  | { readonly kind: 'unload'; readonly hash: string }
  | {
      readonly kind: 'infer';
      readonly id: number;
      readonly hash: string;
      readonly data: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
      readonly count: number;
    };

/** From it. `id`: of the order; of a load, none. */
export type Report =
  | { readonly kind: 'loaded'; readonly hash: string }
  /** `memory`: of the order's data, zeroed. */
  | {
      readonly kind: 'rows';
      readonly id: number;
      readonly memory: ArrayBuffer;
      readonly rows: Float64Array<ArrayBuffer>;
    }
  /** `code`: of a `DactylError`. */
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly memory: ArrayBuffer;
      readonly code?: ErrorCode;
      readonly message: string;
    };
