/** Compiles assembly/ to one WebAssembly module and writes it, base64, as src/engine/kernels.ts, so that it loads the same way in Node and in the page. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const OUTPUT = 'build/kernels.wasm';
const MODULE = 'src/engine/kernels.ts';
const { error, stderr } = await asc.main([
  'assembly/index.ts',
  ...['--outFile', OUTPUT, '--textFile', 'build/kernels.wat'],
  ...[
    '-O3',
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
const wasm = readFileSync(OUTPUT);
const text = `/** Written by scripts/build-kernels.ts from assembly/. */\nexport const KERNELS_BASE64 =\n  '${wasm.toString('base64')}';\n`;
// Whole at every moment: others may be compiling.
writeFileSync('build/kernels.ts', text);
renameSync('build/kernels.ts', MODULE);
console.log(`kernels: ${wasm.length} bytes`);
