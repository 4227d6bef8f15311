import { sha256Hex } from './hash.ts';
import { encodeSafetensorsInSteps } from './safetensors.ts';
import { atOnce, type Steps } from './steps.ts';
import type { Tensor } from './tensor.ts';

const NO_DIGEST = '0'.repeat(64);

/** A safetensors file that holds its own SHA-256, taken with zeros in the place of its digits, right behind the format. */
export function encodeSealed(
  tensors: Readonly<Record<string, Tensor>>,
  format: string,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const bytes = atOnce(encodeUnsealed(tensors, format, metadata));
  seal(bytes, format, sha256Hex(bytes));
  return bytes;
}

/** Such a file with zeros for its digits, for who takes them in parts. */
export function encodeUnsealed(
  tensors: Readonly<Record<string, Tensor>>,
  format: string,
  metadata: Readonly<Record<string, string>>,
): Steps<Uint8Array<ArrayBuffer>> {
  return encodeSafetensorsInSteps(tensors, { format, sha256: NO_DIGEST, ...metadata });
}

/** Puts the SHA-256 of an unsealed file, in hexadecimal digits, into it. */
export function seal(bytes: Uint8Array, format: string, sha256: string): void {
  bytes.set(new TextEncoder().encode(sha256), 8 + headOf(format).length);
}

/** Whether the content is what the SHA-256 in it promises; undefined where it does not begin as a sealed file of this format. */
export function sealHolds(bytes: Uint8Array, format: string): boolean | undefined {
  const head = headOf(format);
  if (!head.every((byte, k) => bytes[8 + k] === byte)) return undefined;
  const digits = 8 + head.length;
  // A Buffer's slice would be the same memory, and the file would lose its digits.
  const copy = Uint8Array.from(bytes);
  const digest = new TextDecoder().decode(copy.subarray(digits, digits + NO_DIGEST.length));
  copy.set(new TextEncoder().encode(NO_DIGEST).subarray(0, Math.max(0, copy.length - digits)), digits);
  return sha256Hex(copy) === digest;
}

/** The file from its ninth byte up to the digits. */
function headOf(format: string): Uint8Array {
  return new TextEncoder().encode(`{"__metadata__":{"format":"${format}","sha256":"`);
}
