import { Command } from 'commander';
import { PUBLISHED } from '../data/catalogue/sets.ts';
import { fetchPublished, publishedSet } from '../store/catalogue.ts';
import { sumText } from '../store/download.ts';
import { alignColumns, print, styled } from './terminal.ts';

export interface DataFetchOptions {
  readonly from?: string;
  readonly offline?: true;
}

/** `dactyl data fetch NAME` */
export function dataFetchCommand(): Command {
  return new Command('fetch')
    .description(
      'Bring a published data set into the cache, held to its checksums; --data NAME then takes it. Licence and citation are printed.',
    )
    .argument('<name>', `one of ${Object.keys(PUBLISHED).join(', ')}`)
    .option('--from <folder>', 'its files, brought by other means, instead of a download')
    .option('--offline', 'ask no server: check what is there')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      '\nExamples:\n  dactyl data fetch fashion-mnist\n  dactyl data fetch kmnist --from ~/Downloads',
    );
}

/** Fetches, or copies, and says what there is. Throws the errors of `fetchPublished`. */
export async function dataFetch(
  name: string,
  { from, offline }: DataFetchOptions,
  signal?: AbortSignal,
): Promise<void> {
  const set = publishedSet(name);
  const shown = process.stderr.isTTY;
  const rows: string[][] = [];
  const folder = await fetchPublished(name, {
    ...(from !== undefined && { from }),
    ...(offline && { offline }),
    ...(signal && { signal }),
    onFile: ({ file, sum }, how) => {
      if (shown && how === 'fetched') process.stderr.write('\n');
      rows.push([file, how === 'there' ? 'was there' : how, sumText(sum)]);
    },
    ...(shown && {
      onProgress: (file: string, received: number, total: number | undefined) => {
        const of = total === undefined ? '' : ` of ${grouped(total)}`;
        process.stderr.write(`\r${file}: ${grouped(received)}${of} bytes`);
      },
    }),
  });
  print(`${styled('bold', set.title)}: ${folder}`);
  alignColumns(rows).forEach((line) => {
    print(`  ${line}`);
  });
  print(`Licence   ${set.licence}`);
  print(`Citation  ${set.citation}`);
  if (set.note !== undefined) print(`Note      ${set.note}`);
  print(`For compare, study, tune and others: --data ${name}`);
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
