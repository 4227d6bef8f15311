import { compileEmbedded } from './embedded.ts';

export type Kernel = (...args: number[]) => number | undefined;

/** A module's kernels by name. */
export type KernelTable = Record<string, Kernel>;

/** Makes, from a module's own kernels, those that are called; `number`: of the module among those on the memory. */
export type Replacement = (plain: KernelTable, number: number) => KernelTable;

interface Module {
  readonly plain: KernelTable;
  /** What all who work on the memory hold. */
  readonly table: KernelTable;
}

/** The modules on a memory, by their digits, in the order in which they were linked. */
interface Linked {
  readonly modules: Map<string, Module>;
  readonly shared: boolean;
  replace: Replacement;
}

const linked = new WeakMap<WebAssembly.Memory, Linked>();

const AS_IT_IS: Replacement = (plain) => plain;

/** The kernels of a module on a memory: the same object for the same module and memory. */
export function linkKernels<K>(memory: WebAssembly.Memory, digits: string): K {
  const on = linkedOn(memory);
  let module = on.modules.get(digits);
  if (!module) {
    const plain = kernelsOf(memory, digits, on.shared);
    module = { plain, table: { ...on.replace(plain, on.modules.size) } };
    on.modules.set(digits, module);
  }
  return module.table as K;
}

/** Those who hold kernels of `from` hold the same ones of `to`, a shared memory, from now on. */
export function moveKernels(from: WebAssembly.Memory, to: WebAssembly.Memory): void {
  const modules = [...linkedOn(from).modules].map(([digits, { table }]) => {
    const plain = kernelsOf(to, digits, true);
    Object.assign(table, plain);
    return [digits, { plain, table }] as const;
  });
  linked.set(to, { modules: new Map(modules), shared: true, replace: AS_IT_IS });
}

/** Puts other kernels in place of those of every module on the memory, also of the modules that will be linked. */
export function replaceKernels(memory: WebAssembly.Memory, replace = AS_IT_IS): void {
  const on = linkedOn(memory);
  on.replace = replace;
  let number = 0;
  for (const { plain, table } of on.modules.values()) Object.assign(table, replace(plain, number++));
}

/** The modules that are linked to a shared memory, and the names of their kernels. */
export function linkedModules(
  memory: WebAssembly.Memory,
): { readonly module: WebAssembly.Module; readonly names: readonly string[] }[] {
  return [...linkedOn(memory).modules].map(([digits, { plain }]) => ({
    module: compileEmbedded(digits, true),
    names: Object.keys(plain),
  }));
}

function linkedOn(memory: WebAssembly.Memory): Linked {
  let on = linked.get(memory);
  if (!on) linked.set(memory, (on = { modules: new Map(), shared: false, replace: AS_IT_IS }));
  return on;
}

function kernelsOf(memory: WebAssembly.Memory, digits: string, shared: boolean): KernelTable {
  const { exports } = new WebAssembly.Instance(compileEmbedded(digits, shared), { env: { memory } });
  const functions = Object.entries(exports).filter(([, value]) => typeof value === 'function');
  return Object.fromEntries(functions) as KernelTable;
}
