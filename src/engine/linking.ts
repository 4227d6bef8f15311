import { compileEmbedded, compileShared } from './embedded.ts';

export type Kernel = (...args: number[]) => number | undefined;

/** A module's kernels by name. */
export type KernelTable = Record<string, Kernel>;

/** Makes, from a module's own kernels, those that are called; `number`: of the module among those on the memory. */
export type Replacement = (plain: KernelTable, number: number) => KernelTable;

interface Module {
  readonly plain: KernelTable;
  /** What all who work on the memory hold: whatever kernels are called now, as `observe` gives them. */
  readonly table: KernelTable;
  readonly observe: Observer;
}

type Compile = (text: string) => WebAssembly.Module;
type Observer = (kernels: KernelTable) => KernelTable;

/** The modules on a memory, by their text, in the order in which they were linked. */
interface Linked {
  readonly modules: Map<string, Module>;
  readonly compile: Compile;
  replace: Replacement;
}

const linked = new WeakMap<WebAssembly.Memory, Linked>();

const AS_IT_IS = (plain: KernelTable): KernelTable => plain;

/** The kernels of a module on a memory: the same object for the same module and memory. The first who asks may wrap them. */
export function linkKernels<K>(memory: WebAssembly.Memory, text: string, wrap?: (kernels: K) => K): K {
  const on = linkedOn(memory);
  let module = on.modules.get(text);
  if (!module) {
    const plain = kernelsOf(memory, text, on.compile);
    const observe = (wrap as Observer | undefined) ?? AS_IT_IS;
    module = { plain, table: { ...observe(on.replace(plain, on.modules.size)) }, observe };
    on.modules.set(text, module);
  }
  return module.table as K;
}

/** Those who hold kernels of `from` hold the same ones of `to`, a shared memory, from now on. */
export function moveKernels(from: WebAssembly.Memory, to: WebAssembly.Memory): void {
  const modules = [...linkedOn(from).modules].map(([text, { table, observe }]) => {
    const plain = kernelsOf(to, text, compileShared);
    Object.assign(table, observe(plain));
    return [text, { plain, table, observe }] as const;
  });
  linked.set(to, { modules: new Map(modules), compile: compileShared, replace: AS_IT_IS });
}

/** Puts other kernels in place of those of every module on the memory, also of the modules that will be linked. */
export function replaceKernels(memory: WebAssembly.Memory, replace: Replacement = AS_IT_IS): void {
  const on = linkedOn(memory);
  on.replace = replace;
  let number = 0;
  for (const { plain, table, observe } of on.modules.values()) {
    Object.assign(table, observe(replace(plain, number++)));
  }
}

/** The modules that are linked to a shared memory, and how many kernels each has. */
export function linkedModules(
  memory: WebAssembly.Memory,
): { readonly module: WebAssembly.Module; readonly count: number }[] {
  return [...linkedOn(memory).modules].map(([text, { plain }]) => ({
    module: compileShared(text.split(' ').pop()!),
    count: Object.keys(plain).length,
  }));
}

function linkedOn(memory: WebAssembly.Memory): Linked {
  let on = linked.get(memory);
  if (!on) linked.set(memory, (on = { modules: new Map(), compile: compileEmbedded, replace: AS_IT_IS }));
  return on;
}

/** Of the exports only the order is their own; the text begins with their names. */
function kernelsOf(memory: WebAssembly.Memory, text: string, compile: Compile): KernelTable {
  const names = text.split(' ');
  const { exports } = new WebAssembly.Instance(compile(names.pop()!), { '': { '': memory } });
  return Object.fromEntries(Object.values(exports).map((kernel, k) => [names[k], kernel as Kernel]));
}
