import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { errorOf, points, smallModel } from '../../../test/support/models.ts';
import type { Callback } from '../../nn/callbacks.ts';
import type { EpochLogs } from '../../nn/history.ts';
import { DactylError } from '../../util/errors.ts';
import { loadModel } from '../models.ts';
import { crc32c } from './crc32c.ts';
import { CSVLogger } from './csvLogger.ts';
import { firstRecord, restartRecord, scalarsRecord } from './eventFile.ts';
import { ModelCheckpoint } from './modelCheckpoint.ts';
import { pathTemplate } from './pathTemplate.ts';
import { TensorBoard } from './tensorBoard.ts';

interface Given {
  tables: { options: object; before: string | null; epochs: EpochLogs[]; text: string }[];
  paths: { template: string; epoch: number; logs: Record<string, number>; path: string }[];
  records: { step: number; scalars: Record<string, number>; bytes: string }[];
}
const { tables, paths, records } = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/keras/callbacks.json', import.meta.url), 'utf8'),
) as Given;
const folder = (): string => mkdtempSync(join(tmpdir(), 'dactyl-callbacks-'));

async function epochs(callback: Callback, logs: readonly EpochLogs[], first = 0): Promise<void> {
  const model = smallModel();
  const history: Record<string, number[]> = {};
  await callback.onTrainBegin?.(model, { epoch: first, history });
  for (const [k, each] of logs.entries()) await callback.onEpochEnd?.(first + k, each, model);
}

test.each(tables)(
  "CSVLogger: Keras' bytes with $options",
  async ({ options, before, epochs: logs, text }) => {
    const path = join(folder(), 'log.csv');
    if (before !== null) writeFileSync(path, before);
    await epochs(CSVLogger(path, options), logs);
    expect(readFileSync(path, 'utf8')).toBe(text);
  },
);

test.each([
  ['at once', 2, ''],
  ['after epochs that come again', 1, ''],
  ['after a line that was cut', 2, '2,0.'],
  ['in a file of two runs', 2, ''],
])('CSVLogger goes on %s', async (how, first, cut) => {
  const path = join(folder(), 'log.csv');
  const logs = [4, 3, 2, 1].map((loss) => ({ loss, val_loss: 2 * loss }));
  const options = { append: how === 'in a file of two runs' };
  const lines = ['epoch,loss,val_loss', '0,4,8', '1,3,6', '2,2,4', '3,1,2'];
  if (options.append) {
    writeFileSync(path, 'epoch,loss,val_loss\r\n0,9,9\r\n3,9,9\r\n');
    lines.splice(1, 0, '0,9,9', '3,9,9');
  }
  await epochs(CSVLogger(path, options), logs.slice(0, 2));
  writeFileSync(path, readFileSync(path, 'utf8') + cut);
  await epochs(CSVLogger(path, options), logs.slice(first), first);
  expect(readFileSync(path, 'utf8')).toBe(lines.map((line) => `${line}\r\n`).join(''));
});

test('CSVLogger: appending to a file of other columns is E_FORMAT and leaves it; to one without a last line break is not', async () => {
  const path = join(folder(), 'log.csv');
  writeFileSync(path, 'epoch,loss\r\n0,1\r\n');
  const { code, message } = await errorOf(() =>
    epochs(CSVLogger(path, { append: true }), [{ loss: 1, val_loss: 2 }]),
  );
  expect([code, message.includes('received epoch,loss.')]).toEqual(['E_FORMAT', true]);
  expect(readFileSync(path, 'utf8')).toBe('epoch,loss\r\n0,1\r\n');
  writeFileSync(path, 'epoch,loss,val_loss\r\n0,1,2');
  await epochs(CSVLogger(path, { append: true }), [{ loss: 3, val_loss: 4 }]);
  expect(readFileSync(path, 'utf8')).toBe('epoch,loss,val_loss\r\n0,1,2\r\n0,3,4\r\n');
});

test.each(paths)("ModelCheckpoint: Keras' path $path of $template", ({ template, epoch, logs, path }) => {
  expect(pathTemplate('ModelCheckpoint', template)({ epoch: epoch + 1, ...logs })).toBe(path);
});

test('ModelCheckpoint: a file for each epoch, in folders that it makes, which loads as the model was then', async () => {
  const { inputs, labels } = points(30);
  const model = smallModel();
  const path = join(folder(), 'deep', '{epoch:02d}', '{loss:.1f}.safetensors');
  const hashes: string[] = [];
  const { history } = await model.fit(inputs, labels, {
    verbose: 0,
    epochs: 3,
    callbacks: [ModelCheckpoint(path), { onEpochEnd: () => void hashes.push(model.weightsHash()) }],
  });
  for (let epoch = 0; epoch < 3; epoch++) {
    const file = path
      .replace('{epoch:02d}', `0${epoch + 1}`)
      .replace('{loss:.1f}', history.loss[epoch].toFixed(1));
    expect(loadModel(file).weightsHash()).toBe(hashes[epoch]);
  }
});

test.each([
  ['loss', 'auto', [5, 6, 4, 4, 3], [1, 3, 5]],
  ['val_accuracy', 'auto', [0.5, 0.4, 0.6, 0.6], [1, 3]],
  ['accuracy', 'min', [0.5, 0.4, 0.6], [1, 2]],
] as const)('saveBestOnly by %s, mode %s, saves at each best only', async (monitor, mode, values, saved) => {
  const path = folder();
  const options = { monitor, mode, saveBestOnly: true };
  const callback = ModelCheckpoint(join(path, '{epoch}'), options);
  const logs = values.map((value) => ({ loss: 1, [monitor]: value }));
  await epochs(callback, logs);
  expect(readdirSync(path).sort()).toEqual(saved.map(String));
});

test('saveBestOnly after resuming: what the history holds is not beaten by less', async () => {
  const path = join(folder(), 'best.safetensors');
  const callback = ModelCheckpoint(path, { saveBestOnly: true });
  const model = smallModel();
  await callback.onTrainBegin!(model, { epoch: 3, history: { val_loss: [3, 1, 2] } });
  await callback.onEpochEnd!(3, { loss: 0, val_loss: 1.5 }, model);
  expect(existsSync(path)).toBe(false);
  await callback.onEpochEnd!(4, { loss: 0, val_loss: 0.5 }, model);
  expect(existsSync(path)).toBe(true);
});

test('saveFreq in batches counts over epochs', async () => {
  const { inputs, labels } = points(40);
  const path = folder();
  const callbacks = [ModelCheckpoint(join(path, '{epoch}-{batch}'), { saveFreq: 3 })];
  await smallModel().fit(inputs, labels, { verbose: 0, epochs: 2, batchSize: 10, callbacks });
  expect(readdirSync(path).sort()).toEqual(['1-3', '2-2']);
});

test("crc32c: RFC 3720's examples", () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i))).toBe(0x113fdb5c);
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
});

test.each(records)("event files: TensorFlow's bytes, step $step", ({ step, scalars, bytes }) => {
  const file = Buffer.concat([firstRecord(1.5), restartRecord(1.5, step), scalarsRecord(1.5, step, scalars)]);
  expect(file.toString('hex')).toBe(bytes);
});

/** The contents of a file's records as text, their lengths held to the file's. */
function contents(path: string): string[] {
  const file = readFileSync(path);
  const found: string[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    found.push(file.subarray(at + 12, at + 12 + length).toString('latin1'));
    at += length + 16;
    expect(at).toBeLessThanOrEqual(file.length);
  }
  return found;
}

test('TensorBoard: losses, metrics and the rate in train/, validation under the same names in validation/; new files for each fit', async () => {
  const { inputs, labels } = points(20);
  const logDir = folder();
  const callbacks = [TensorBoard({ logDir })];
  const options = { verbose: 0, callbacks, validationData: [inputs, labels] } as const;
  await smallModel().fit(inputs, labels, { ...options, epochs: 2 });
  const [train, validation] = ['train', 'validation'].map((part) => {
    const [name, ...more] = readdirSync(join(logDir, part));
    expect(more).toEqual([]);
    expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\.dactyl\.\d+\.\d+\.v2$/);
    return contents(join(logDir, part, name));
  });
  expect(train).toHaveLength(3);
  expect(train[0]).toContain('brain.Event:2');
  for (const tag of ['epoch_loss', 'epoch_accuracy', 'epoch_learning_rate']) expect(train[1]).toContain(tag);
  expect(validation).toHaveLength(3);
  expect(validation[1]).toContain('epoch_loss');
  expect(validation.join('')).not.toMatch(/val_|learning_rate/);
  await smallModel().fit(inputs, labels, { verbose: 0, callbacks });
  expect(readdirSync(join(logDir, 'train'))).toHaveLength(2);
  expect(readdirSync(join(logDir, 'validation'))).toHaveLength(1);
});

test('a folder that cannot be made is E_FILE before the first epoch', async () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  const { inputs, labels } = points(6);
  for (const callback of [
    CSVLogger(join(file, 'log.csv')),
    ModelCheckpoint(join(file, 'm')),
    TensorBoard({ logDir: join(file, 'logs') }),
  ]) {
    let began = false;
    const callbacks = [callback, { onEpochBegin: () => void (began = true) }];
    const { code } = await errorOf(() => smallModel().fit(inputs, labels, { verbose: 0, callbacks }));
    expect([code, began]).toEqual(['E_FILE', false]);
  }
  expect(readdirSync(dirname(file))).toEqual(['file']);
});

test.each<[string, () => unknown, string]>([
  ['no path', () => ModelCheckpoint(5 as unknown as string), 'ModelCheckpoint: path: expected a text'],
  ['an empty path', () => ModelCheckpoint(''), "ModelCheckpoint: expected path: a file's, such as"],
  [
    'a folder',
    () => ModelCheckpoint('models/'),
    "expected path: a file's, such as 'best.safetensors'; received the text 'models/'",
  ],
  [
    'a validation value amid an epoch',
    () => ModelCheckpoint('m', { saveBestOnly: true, saveFreq: 3 }),
    "expected monitor: 'loss' or 'accuracy' where saveFreq counts batches, since none is validated; received the text 'val_loss'",
  ],
  ['Python names', () => ModelCheckpoint('m', { save_best_only: true } as object), '(nearest: saveBestOnly)'],
  ['a place without end', () => ModelCheckpoint('{epoch'), 'expected places such as {epoch}'],
  ['a foreign notation', () => ModelCheckpoint('{loss:e}'), 'received {loss:e}'],
  ['a frequency of 0', () => ModelCheckpoint('m', { saveFreq: 0 }), "saveFreq: 'epoch' or a whole number"],
  ['an unknown mode', () => ModelCheckpoint('m', { mode: 'up' as 'max' }), "'auto', 'min' or 'max'"],
  [
    'a monitor of unknown direction',
    () => ModelCheckpoint('m', { monitor: 'mine', saveBestOnly: true }),
    "beside monitor 'mine'",
  ],
  ['a long separator', () => CSVLogger('a.csv', { separator: '::' }), 'separator: one character'],
  ['a digit as separator', () => CSVLogger('a.csv', { separator: '1' }), 'separator: one character'],
  ['append as text', () => CSVLogger('a.csv', { append: 'yes' as unknown as boolean }), 'true or false'],
  ['log_dir', () => TensorBoard({ log_dir: 'a' } as object), '(nearest: logDir)'],
  ['a folder of another type', () => TensorBoard({ logDir: 5 as unknown as string }), 'expected a text'],
])('%s is E_ARGUMENT', (_, use, reason) => {
  expect(use).toThrow(DactylError);
  expect(use).toThrow(reason);
});

test('a place for what the logs do not have is E_ARGUMENT with the names there are', async () => {
  const { inputs, labels } = points(6);
  const callbacks = [ModelCheckpoint(join(folder(), '{val_loss:.2f}'))];
  const { code, message } = await errorOf(() => smallModel().fit(inputs, labels, { verbose: 0, callbacks }));
  expect(code).toBe('E_ARGUMENT');
  expect(message).toContain('expected places for epoch, loss, accuracy in the path');
});
