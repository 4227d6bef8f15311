import { Command } from 'commander';
import type { ReplaceKeyOptions } from '../server/audit/replaceKey.ts';
import type { ChainReport } from '../server/audit/verify.ts';
import { grouped, listOf } from '../study/wording.ts';
import { DactylError } from '../util/errors.ts';
import { loadServerPart } from './serverPackages.ts';
import { print } from './terminal.ts';

interface AuditVerifyOptions {
  readonly dataDir?: string;
  readonly store?: string;
  readonly checkpoint?: string[];
  readonly key?: string;
}

/** `dactyl audit` */
export function auditCommand(): Command {
  return new Command('audit')
    .description('The log of what a server decided and did.')
    .addCommand(
      new Command('verify')
        .description(
          'Look whether entries were edited, the log was cut or a chain was rewritten; also while the server runs. Exits with 1 where something is wrong.',
        )
        .option('--data-dir <folder>', 'the folder of the server (dactyl-data)')
        .option('--store <place>', 'postgres://…, where the server keeps its store there')
        .option(
          '--checkpoint <file...>',
          'checkpoints that were kept elsewhere, or a log of the server with them: only they show a log that was cut or rewritten together with its own',
        )
        .option('--key <file>', 'public keys of the server (keys/audit/*.vkey), as they were kept elsewhere')
        .option('--no-color', 'no colours')
        .addHelpText(
          'after',
          '\nExamples:\n  dactyl audit verify --data-dir /var/lib/dactyl\n  journalctl -u dactyl -o cat > server.log; dactyl audit verify --checkpoint server.log --key dactyl.vkey',
        )
        .action(verify),
    )
    .addCommand(
      new Command('replace-key')
        .description(
          'Where the key that signed the log is lost for good: a new one signs from an entry on that says so. The server must not run.',
        )
        .requiredOption('--reason <text>', 'what happened, and who decided; the log keeps it')
        .option('--data-dir <folder>', 'the folder of the server (dactyl-data)')
        .option('--store <place>', 'postgres://…, where the server keeps its store there')
        .option('--no-color', 'no colours')
        .addHelpText(
          'after',
          '\nExample:\n  dactyl audit replace-key --data-dir /var/lib/dactyl --reason "keys folder lost with the disk, ticket 17"',
        )
        .action(replaceKey),
    );
}

async function replaceKey(options: ReplaceKeyOptions): Promise<void> {
  const { replaceSigningKey } = await loadServerPart(
    'dactyl audit replace-key',
    () => import('../server/audit/replaceKey.ts'),
  );
  const { chain, key, note } = await replaceSigningKey(options, process.env);
  print(
    `${chain}: from now on this key signs. Give its public half to whoever verifies the log:\n${key}\n\n${note}`,
  );
}

/** Throws E_MISMATCH where something is wrong, after it was printed. */
async function verify(options: AuditVerifyOptions): Promise<void> {
  const { verifyStore } = await loadServerPart(
    'dactyl audit verify',
    () => import('../server/audit/verifyStore.ts'),
  );
  const reports = await verifyStore(options, process.env);
  if (reports.length === 0) print('The audit log is empty.');
  for (const report of reports) printReport(report);
  const wrong = reports.filter(({ findings }) => findings.length > 0);
  if (wrong.length === 0) return;
  const kinds = [...new Set(wrong.flatMap(({ findings }) => findings.map(({ kind }) => kind)))];
  throw new DactylError(
    'E_MISMATCH',
    `The audit log is not as it was written (${listOf(kinds)}). Keep the store as it is, and look at docs/serving.md, 'When verify finds something'.`,
  );
}

/** More findings than these say nothing more. */
const SHOWN = 20;

function printReport({ chain, first, last, checkpoints, signed, findings, remarks }: ChainReport): void {
  const entries = last === 0 ? 'no entries' : `entries ${grouped(first)} to ${grouped(last)}`;
  const upTo =
    signed > 0
      ? `signed up to entry ${grouped(signed)}`
      : 'no checkpoint fits, so that a rewritten chain would not be seen';
  print(
    `${chain}: ${entries}, ${grouped(checkpoints)} ${checkpoints === 1 ? 'checkpoint' : 'checkpoints'}, ${upTo}.`,
  );
  for (const { text } of findings.slice(0, SHOWN)) print(`  ${text}`);
  if (findings.length > SHOWN) print(`  … and ${grouped(findings.length - SHOWN)} more.`);
  for (const remark of remarks) print(`  ${remark}`);
  if (findings.length === 0) print('  As it was written.');
}
