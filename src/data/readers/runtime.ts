import type { sha256Hex } from '../../util/hash.ts';
import type { CodecSource } from './pictures/codecs.ts';

/** What a runtime has of its own. */
export interface Runtime {
  /** Another implementation of the same function, where the runtime has a faster one. */
  readonly sha256?: typeof sha256Hex;
  /** The compiled decoders of JPEG and WebP; without it they are fetched, as bundlers of pages arrange. */
  readonly codec?: CodecSource;
}
