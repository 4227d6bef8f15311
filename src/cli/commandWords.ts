import type { Command } from 'commander';

/**
 * The words of a command line as Commander is to read them: help of a command that does not exist (`nope --help`, `help nope`) becomes that command, so that it is refused as unknown;
 * Commander would show the help of its parent. Where a command is missing it shows the help and ends with an error.
 */
export function commandWords(program: Command, words: readonly string[]): string[] {
  let group = program;
  for (let at = 0; isGroup(group); at++) {
    const path = words.slice(0, at);
    if (words.length === at) {
      group.outputHelp({ error: true });
      group.error('expected a command');
    }
    const word = words[at];
    const named = word === 'help' ? words.at(at + 1) : word;
    if (named === undefined || named.startsWith('-')) break;
    const found = group.commands.find((one) => one.name() === named || one.aliases().includes(named));
    if (found === undefined) return [...path, named];
    if (word === 'help') break;
    group = found;
  }
  return [...words];
}

/** Of commands with no action of its own, which Commander tells nobody. */
function isGroup(command: Command): boolean {
  return command.commands.length > 0 && !Reflect.get(command, '_actionHandler');
}
