/** Sends a hundred thousand damaged requests to a server, or `-- COUNT [SEED]`: bodies, pictures, forms, tensors, headers, paths. Prints how they were answered, and every fault. */
import { readerFile, temporaryFolder, testServer } from '../src/server/fixtures/serving.ts';
import { Random } from '../src/util/random.ts';
import { fuzzServer } from '../test/support/serverFuzz.ts';

const [count = '100000', seed = '1'] = process.argv.slice(2);
const { put, remove } = temporaryFolder();
const server = await testServer({ models: [put('small.safetensors', readerFile())], logLevel: 'error' });
const statuses = new Map<number, number>();
const faults = await fuzzServer(server.app, new Random(Number(seed), 'fuzz/server'), Number(count), {
  seen(status) {
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  },
});
await server.close();
remove();
console.log(
  [...statuses]
    .sort(([a], [b]) => a - b)
    .map(([status, n]) => `${status}: ${n}`)
    .join(', '),
);
for (const fault of faults.slice(0, 20)) console.log(JSON.stringify(fault));
for (const line of new Set(server.lines)) console.log(line.slice(0, 2000));
if (faults.length > 0) process.exitCode = 1;
