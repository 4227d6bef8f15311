import { resolve } from 'node:path';
import { build, type Rollup } from 'vite';

/**
 * `test/support/shortRun.ts` with all that it imports, as one script: `iife` for a page, where it is the global `dactyl`, or `es`
 * for any JavaScript engine.
 */
export async function bundleShortRun(format: 'iife' | 'es'): Promise<string> {
  const outputs = (await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      // One script: what is loaded only when it is needed is in it.
      rolldownOptions: { output: { codeSplitting: false } },
      lib: { entry: resolve(import.meta.dirname, 'shortRun.ts'), name: 'dactyl', formats: [format] },
    },
  })) as Rollup.RollupOutput[];
  return outputs[0].output[0].code;
}
