import { Command } from 'commander';
import type { Scope } from '../server/security/scopes.ts';
import { loadServerPart } from './serverPackages.ts';
import { print, styled, warn } from './terminal.ts';

interface KeysOptions {
  readonly dataDir?: string;
  readonly store?: string;
}

interface CreateOptions extends KeysOptions {
  readonly scopes: string;
  readonly days?: string;
}

/** `dactyl keys` */
export function keysCommand(): Command {
  const withPlace = (command: Command): Command =>
    command
      .option('--data-dir <folder>', 'the folder of the server (dactyl-data)')
      .option('--store <place>', 'postgres://…, where the server keeps its store there')
      .option('--no-color', 'no colours');
  return new Command('keys')
    .description('API keys of a server: who may ask for what.')
    .addHelpText(
      'after',
      `
Examples:
  dactyl keys create "front desk" --scopes read,explain --days 90
  dactyl keys list
  dactyl keys revoke 3q2x7wAbCdEf

Also while the server runs. A key is printed once and kept as its SHA-256 alone. Requests carry it as Authorization: Bearer dactyl_… (docs/serving.md).`,
    )
    .addCommand(
      withPlace(
        new Command('create')
          .description('Create a key and print it, once.')
          .argument('<name>', 'what it is for')
          .requiredOption(
            '--scopes <list>',
            'what it may: infer (v2), read, explain, review, metrics, admin; separated by commas',
          )
          .option(
            '--days <n>',
            'after which it does not count any more (default: it counts until it is revoked)',
          ),
      ).action(create),
    )
    .addCommand(
      withPlace(
        new Command('list').description(
          'Print the keys, without what is secret; also while the server runs.',
        ),
      ).action(list),
    )
    .addCommand(
      withPlace(
        new Command('revoke')
          .description('Let a key count no more, from now on.')
          .argument('<id>', 'as list prints it'),
      ).action(revoke),
    );
}

function load() {
  return loadServerPart('dactyl keys', () => import('../server/security/manageKeys.ts'));
}

async function create(name: string, { scopes, days, ...place }: CreateOptions): Promise<void> {
  const { withKeys } = await load();
  const { text, key } = await withKeys(
    place,
    process.env,
    (keys) =>
      keys.create({
        name,
        scopes: scopes.split(',').map((scope) => scope.trim()) as Scope[],
        ...(days !== undefined && { days: Number(days) }),
      }),
    (where) => {
      warn(
        `There was no store in ${where}: a new one was made. Its keys count for a server of just this place; if it is mistyped, give the place that the server has.`,
      );
    },
  );
  print(text);
  const until = key.expires === null ? 'until it is revoked' : `until ${new Date(key.expires).toISOString()}`;
  warn(`This key (${key.scopes.join(', ')}; ${until}) is not shown again. Its id is ${key.id}.`);
}

async function list(place: KeysOptions): Promise<void> {
  const { listKeys } = await load();
  const keys = await listKeys(place, process.env);
  if (keys.length === 0) print('There is no key.');
  for (const { id, name, scopes, valid, revoked, expires } of keys) {
    const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
    const state =
      revoked !== null
        ? `revoked ${day(revoked)}`
        : expires === null
          ? 'until it is revoked'
          : `${valid ? 'until' : 'expired'} ${day(expires)}`;
    print(`${styled('bold', id)}  ${name}  ${scopes.join(',')}  ${state}`);
  }
}

async function revoke(id: string, place: KeysOptions): Promise<void> {
  const { revokeKey } = await load();
  await revokeKey(place, process.env, id);
  print(`${id} counts no more; a server that runs refuses it within a second.`);
}
