/** Compiles each entry of assembly/ to a WebAssembly module and writes it, as text, into src/engine/, so that it loads the same way in Node and in the page. */
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { kernelText } from './kernelText.ts';

/** A module each, so that a bundle carries only what it uses: what every network needs, what few need, and what images need. */
const MODULES = [
  { entry: 'assembly/index.ts', name: 'kernels', constant: 'KERNELS' },
  { entry: 'assembly/rare/index.ts', name: 'rareKernels', constant: 'RARE_KERNELS' },
  { entry: 'assembly/images/index.ts', name: 'imageKernels', constant: 'IMAGE_KERNELS', small: true },
];

/** What belongs to the compiler's own optimizer. */
const TOOLS = join(
  createRequire(import.meta.resolve('assemblyscript/asc')).resolve('binaryen/package.json'),
  '../bin',
);
const FEATURES = ['--enable-simd', '--enable-bulk-memory', '--enable-nontrapping-float-to-int'];

function tool(name: string, ...options: readonly string[]): void {
  execFileSync(process.execPath, [join(TOOLS, name), ...FEATURES, ...options]);
}

/** Vectors of four times the same number, as the number: 11 bytes less each, of some 200, and as fast. Zeros are packed well as they are. */
function splat(constant: string, words: string): string {
  const [first, ...others] = words.split(' ').map(Number);
  if (first === 0 || others.some((word) => word !== first)) return constant;
  if (first < 128) return `(i32x4.splat (i32.const ${first}))`;
  const [float] = new Float32Array(Uint32Array.of(first).buffer);
  return float === 0 || !Number.isFinite(float) ? constant : `(f32x4.splat (f32.const ${float}))`;
}

/** Exports as single characters, in their order, and their names beside them: those stand in a bundle as they do where they are called. So are the memory's names empty. */
function withoutNames(readable: string): { names: string[]; readable: string } {
  const names: string[] = [];
  const short = readable
    .replace('(import "env" "memory"', '(import "" ""')
    .replace(/\(export "memory" .*\)\n/, '')
    .replace(/\(export "(\w+)" \(func/g, (_, name: string) => {
      const count = names.push(name);
      // No digits, with which an object's keys would begin, and no backslash.
      return `(export "${String.fromCharCode(57 + count + Number(count > 34))}" (func`;
    });
  return { names, readable: short };
}

for (const { entry, name, constant, small = false } of MODULES) {
  const output = `build/${name}.wasm`;
  const { error, stderr } = await asc.main([
    entry,
    ...['--outFile', output, '--textFile', `build/${name}.wat`],
    ...[
      '-O3',
      // As fast, measured; dense networks become 4 % slower.
      ...(small ? ['--shrinkLevel', '1', '--converge'] : []),
      '--runtime',
      'stub',
      '--enable',
      'simd,bulk-memory',
      '--noAssert',
      '--importMemory',
      '--use',
      'abort=',
    ],
  ]);
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
  // For size once more where that is as fast, else locals are numbered so that they take fewest bytes.
  tool('wasm-opt', small ? '-Os' : '--reorder-locals', '--output', output, output);
  const disassembly = `build/${name}.splat.wat`;
  tool('wasm-dis', output, '--output', disassembly);
  const { names, readable } = withoutNames(readFileSync(disassembly, 'utf8'));
  writeFileSync(disassembly, readable.replace(/\(v128\.const i32x4 ([^)]+)\)/g, splat));
  tool('wasm-as', disassembly, '--output', output);
  // As many bytes, but packed some fewer.
  tool('wasm-opt', '--reorder-locals', '--merge-locals', '--coalesce-locals', '--output', output, output);
  const wasm = readFileSync(output);
  const text = `/** Written by scripts/build-kernels.ts from assembly/. */\nexport const ${constant} =\n  '${[...names, kernelText(wasm)].join(' ')}';\n`;
  // Whole at every moment: others may be compiling.
  writeFileSync(`build/${name}.ts`, text);
  renameSync(`build/${name}.ts`, `src/engine/${name}.ts`);
  console.log(`${name}: ${wasm.length} bytes`);
}
