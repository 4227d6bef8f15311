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

/** The compiler's own optimizer: for size once more where that is as fast, else it numbers locals so that they take fewest bytes. */
const OPTIMIZER = join(
  createRequire(import.meta.resolve('assemblyscript/asc')).resolve('binaryen/package.json'),
  '../bin/wasm-opt',
);

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
  execFileSync(process.execPath, [
    OPTIMIZER,
    ...[
      small ? '-Os' : '--reorder-locals',
      '--enable-simd',
      '--enable-bulk-memory',
      '--enable-nontrapping-float-to-int',
    ],
    ...['--output', output, output],
  ]);
  const wasm = readFileSync(output);
  const text = `/** Written by scripts/build-kernels.ts from assembly/. */\nexport const ${constant} =\n  '${kernelText(wasm)}';\n`;
  // Whole at every moment: others may be compiling.
  writeFileSync(`build/${name}.ts`, text);
  renameSync(`build/${name}.ts`, `src/engine/${name}.ts`);
  console.log(`${name}: ${wasm.length} bytes`);
}
