import { Command } from 'commander';
import { expect, test } from 'vitest';
import { commandWords } from './commandWords.ts';

function program() {
  const said: string[] = [];
  const made = new Command('tool')
    .exitOverride()
    .configureOutput({ writeErr: (text) => said.push(text), outputError: (text) => said.push(text) });
  const study = new Command('study').addCommand(
    new Command('run').argument('<file>').action(() => undefined),
  );
  const data = new Command('data')
    .argument('[name]')
    .addCommand(new Command('fetch').action(() => undefined))
    .action(() => undefined);
  for (const group of [study, data]) made.addCommand(group.copyInheritedSettings(made));
  return { made, said };
}

test.each([
  [['nope', '--help'], ['nope']],
  [['help', 'nope'], ['nope']],
  [
    ['study', 'nope', '--help'],
    ['study', 'nope'],
  ],
])('help of a command that does not exist is that command: %j', (words, read) => {
  expect(commandWords(program().made, words)).toEqual(read);
});

test.each([
  [['--help']],
  [['help']],
  [['help', 'study']],
  [['study', '--help']],
  [['study', 'run', 'x.json', '--help']],
  [['data', 'mnist', '--help']],
])('what exists is left as it is: %j', (words) => {
  expect(commandWords(program().made, words)).toEqual(words);
});

test.each([[[]], [['study']]])(
  'where a command is missing the help is shown and it is an error: %j',
  (words) => {
    const { made, said } = program();
    expect(() => commandWords(made, words)).toThrow('expected a command');
    expect(said[0]).toMatch(/^Usage: /);
    expect(said.at(-1)).toMatch(/expected a command\n$/);
  },
);
