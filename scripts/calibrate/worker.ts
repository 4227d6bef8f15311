import { parentPort } from 'node:worker_threads';
import { loadFixture } from './fixture.ts';
import { doJob, type Job } from './jobs.ts';

const fixture = loadFixture();
parentPort!.on('message', (job: Job) => {
  parentPort!.postMessage(doJob(fixture, job));
});
