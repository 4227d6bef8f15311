import { Command } from 'commander';
import { countOf, grouped } from '../study/wording.ts';
import { loadServerPart } from './serverPackages.ts';
import { print } from './terminal.ts';

interface BackupOptions {
  readonly dataDir?: string;
}

/** `dactyl backup` */
export function backupCommand(): Command {
  const withFolder = (command: Command): Command =>
    command
      .option('--data-dir <folder>', 'the folder of the server (dactyl-data)')
      .option('--no-color', 'no colours');
  return new Command('backup')
    .description('What a server keeps, to a file and back.')
    .addHelpText(
      'after',
      `
Examples:
  dactyl backup make /backup/dactyl-2026-11-29.sqlite --data-dir /var/lib/dactyl
  dactyl backup restore /backup/dactyl-2026-11-29.sqlite --data-dir /var/lib/dactyl-new

Keys and the list of erasures are not in it: their folder is kept apart, and never in the same backup. Settings in the environment hold for it, too (docs/serving.md).`,
    )
    .addCommand(
      withFolder(
        new Command('make')
          .description('Copy the store to a new file, also while the server runs.')
          .argument('<file>', 'a file that does not exist'),
      ).action(make),
    )
    .addCommand(
      withFolder(
        new Command('restore')
          .description(
            'Put a backup into a folder without a store, and erase from it what was erased since it was made.',
          )
          .argument('<file>', 'of backup make'),
      ).action(putBack),
    );
}

function load() {
  return loadServerPart('dactyl backup', () => import('../server/store/backupCommand.ts'));
}

async function make(file: string, { dataDir }: BackupOptions): Promise<void> {
  const { backUp } = await load();
  const { bytes, entries, consents } = await backUp(file, dataDir, process.env);
  print(
    `${file}: ${grouped(bytes)} bytes, ${countOf(entries, 'entry', 'entries')} of the audit log, ${countOf(consents, 'consent')}.`,
  );
}

/** More damaged images than these say nothing more. */
const SHOWN = 20;

async function putBack(file: string, { dataDir }: BackupOptions): Promise<void> {
  const { restore } = await load();
  const { entries, consents, erased, damaged } = await restore(file, dataDir, process.env);
  print(
    `Restored: ${countOf(entries, 'entry', 'entries')} of the audit log, ${countOf(consents, 'consent')}.`,
  );
  print(
    erased === 0
      ? 'Nothing of it had been erased since.'
      : `Erased from it, as since it was made: ${countOf(erased, 'consent')}.`,
  );
  if (damaged.length === 0) return;
  print(`Damaged: ${countOf(damaged.length, 'image')}. Look for another backup that has them whole.`);
  for (const text of damaged.slice(0, SHOWN)) print(`  ${text}`);
  if (damaged.length > SHOWN) print(`  … and ${grouped(damaged.length - SHOWN)} more: dactyl audit verify.`);
}
