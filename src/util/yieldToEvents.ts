// Where there is one, a channel costs ten times as much, and the first one 35 ms.
const soon =
  (globalThis as { readonly setImmediate?: (then: () => void) => void }).setImmediate ??
  ((then) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      then();
    };
    port2.postMessage(null);
  });

/** Those who wait: one goes on in each turn, so that other events wait for one of them only. */
const waiting: (() => void)[] = [];

/** Lets timers, messages and aborts through, without the delay that browsers put on timers. `first`: before all who wait, who have no turn while this is called again and again. */
export function yieldToEvents(first?: boolean): Promise<void> {
  return new Promise((resolve) => {
    if (waiting[first ? 'unshift' : 'push'](resolve) === 1) soon(next);
  });
}

function next(): void {
  waiting.shift()!();
  if (waiting.length > 0) soon(next);
}
