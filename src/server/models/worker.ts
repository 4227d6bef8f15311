import { type MessagePort, workerData } from 'node:worker_threads';
import { DactylError } from '../../util/errors.ts';
import { infer, loadNetwork, type LoadedNetwork } from './infer.ts';
import type { Order, Report } from './messages.ts';

/** A thread that computes answers: it holds models by hash, and takes one batch after the other. */
const port = workerData as MessagePort;
const networks = new Map<string, LoadedNetwork>();

port.on('message', (order: Order) => {
  switch (order.kind) {
    case 'load': {
      const { hash } = order.network;
      if (!networks.has(hash)) networks.set(hash, loadNetwork(order.network));
      port.postMessage({ kind: 'loaded', hash } satisfies Report);
      return;
    }
    case 'unload':
      networks.get(order.hash)?.model.dispose();
      networks.delete(order.hash);
      return;
    case 'infer':
      answer(order);
  }
});

function answer({ id, hash, data, count }: Extract<Order, { kind: 'infer' }>): void {
  const { buffer: memory } = data;
  try {
    const rows = infer(networks.get(hash)!, data, count);
    // No picture is left in it.
    data.fill(0);
    port.postMessage({ kind: 'rows', id, memory, rows } satisfies Report, [memory, rows.buffer]);
  } catch (error) {
    data.fill(0);
    const { message } = error as Error;
    const code = error instanceof DactylError ? { code: error.code } : {};
    port.postMessage({ kind: 'failed', id, memory, ...code, message } satisfies Report, [memory]);
  }
}
