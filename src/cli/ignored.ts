import type { Command } from 'commander';
import { warn } from './terminal.ts';

/** Says which of these options were given and have no effect. `why`: 'with --dry-run', say. */
export function warnIgnored(command: Command, names: readonly string[], why: string): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (!names.includes(name) || command.getOptionValueSource(name) !== 'cli') continue;
    warn(`${option.long} is ignored ${why}.`);
  }
}
