import { parentPort } from 'node:worker_threads';
import { DactylError } from '../../util/errors.ts';
import { infer, loadNetwork, type LoadedNetwork } from './infer.ts';
import type { Order, Report } from './messages.ts';

/** A thread that computes answers: it holds models by hash, and takes one batch after the other. */
const port = parentPort!;
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
      try {
        const { id, hash, data, count } = order;
        const rows = infer(networks.get(hash)!, data, count);
        port.postMessage({ kind: 'rows', id, rows } satisfies Report, [rows.buffer]);
      } catch (error) {
        const { message } = error as Error;
        const code = error instanceof DactylError ? { code: error.code } : {};
        port.postMessage({ kind: 'failed', id: order.id, ...code, message } satisfies Report);
      }
  }
});
