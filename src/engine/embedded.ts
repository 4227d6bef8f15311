import { SYMBOLS } from './kernelSymbols.ts';

/** Import of a memory of one's own, of at least 0 pages; and of a shared one of at most 65,536 pages. */
const OWN_MEMORY = '0206010000020000';
const SHARED_MEMORY = '0209010000020300808004';

const compiled = new Map<string, WebAssembly.Module>();

/** The module that scripts/build-kernels.ts wrote down as text, compiled once. */
export function compileEmbedded(text: string): WebAssembly.Module {
  return compiledOnce(text, () => bytesOf(text));
}

/** The same for a memory that several threads work on. */
export function compileShared(text: string): WebAssembly.Module {
  return compiledOnce(`shared ${text}`, () => withSharedMemory(bytesOf(text)));
}

function compiledOnce(name: string, bytes: () => Uint8Array<ArrayBuffer>): WebAssembly.Module {
  let module = compiled.get(name);
  if (!module) compiled.set(name, (module = new WebAssembly.Module(bytes())));
  return module;
}

function withSharedMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const [own, shared] = [OWN_MEMORY, SHARED_MEMORY].map(fromHex);
  const at = bytes.findIndex((_, k) => own.every((byte, j) => bytes[k + j] === byte));
  return Uint8Array.from([...bytes.subarray(0, at), ...shared, ...bytes.subarray(at + own.length)]);
}

function fromHex(digits: string): number[] {
  return Array.from({ length: digits.length / 2 }, (_, k) => parseInt(digits.slice(2 * k, 2 * k + 2), 16));
}

/** Characters from `(` to `~` but for the backslash. */
const CHARACTERS = 86;

const placeAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  return code - 40 - Number(code > 92);
};

const TABLE = SYMBOLS.split(' ').map(fromHex);

/** The bytes of `scripts/kernelText.ts`. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const place = placeAt(text, at);
    bytes.push(...(TABLE[place] ?? [(place - TABLE.length) * CHARACTERS + placeAt(text, ++at)]));
  }
  return Uint8Array.from(bytes);
}
