/** Import of a memory of one's own, of at least 0 pages; and of a shared one of at most 65,536 pages. */
const OWN_MEMORY = '020f0103656e76066d656d6f7279020000';
const SHARED_MEMORY = '02120103656e76066d656d6f7279020300808004';

const compiled = new Map<string, WebAssembly.Module>();

/**
 * The module that scripts/build-kernels.ts wrote down in hexadecimal digits: gzip finds in them what repeats in the bytes, as it does not in base64. Compiled once; `shared`: for
 * a memory that several threads work on.
 */
export function compileEmbedded(digits: string, shared = false): WebAssembly.Module {
  const own = shared ? digits.replace(OWN_MEMORY, SHARED_MEMORY) : digits;
  let module = compiled.get(own);
  if (!module) {
    const bytes = Uint8Array.from({ length: own.length / 2 }, (_, k) =>
      parseInt(own.slice(2 * k, 2 * k + 2), 16),
    );
    module = new WebAssembly.Module(bytes);
    compiled.set(own, module);
  }
  return module;
}
