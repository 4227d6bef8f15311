/** The module that scripts/build-kernels.ts wrote down in hexadecimal digits: gzip finds in them what repeats in the bytes, as it does not in base64. */
export function compileEmbedded(digits: string): WebAssembly.Module {
  const bytes = Uint8Array.from({ length: digits.length / 2 }, (_, k) =>
    parseInt(digits.slice(2 * k, 2 * k + 2), 16),
  );
  return new WebAssembly.Module(bytes);
}
