import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(path, 'utf8');

test('docs/migration-from-keras.md: every line of both columns stands in the file that it is taken from', () => {
  const rows = [...read('docs/migration-from-keras.md').matchAll(/^\| `(.+?)` +\| `(.+?)` +\|/gm)];
  const lines = rows.map(([, keras, dactyl]) => [keras, dactyl.replace('...)', '')]).slice(0, 16);
  expect(lines.length).toBe(16);
  const [python, typescript] = [read('examples/paper.py'), read('examples/paper.ts')];
  for (const [keras, dactyl] of lines) {
    expect(python).toContain(keras);
    expect(typescript).toContain(dactyl);
  }
});
