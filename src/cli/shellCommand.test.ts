import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shellCommand } from './shellCommand.ts';

test.each([
  [['dactyl', 'card', 'runs/a b', "it's"], `dactyl card 'runs/a b' 'it'\\''s'`],
  [['dactyl', 'card', '/home/alice/secret/runs/x'], 'dactyl card x'],
  [
    ['dactyl', 'card', join(process.cwd(), 'runs', 'x'), '--data', '/home/alice/d.csv'],
    'dactyl card runs/x --data d.csv',
  ],
  [['dactyl', 'card', process.cwd(), '../x', '--quick'], 'dactyl card . ../x --quick'],
])(
  'a command for a page: quoted where a shell needs it, no folder above the working one: %#',
  (words, line) => {
    expect(shellCommand(words)).toBe(line);
  },
);
