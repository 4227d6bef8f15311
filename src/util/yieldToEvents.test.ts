import { expect, onTestFinished, test, vi } from 'vitest';

/** The function as a host has it that has no `setImmediate`, or has one. */
async function yieldIn(host: 'page' | 'Node'): Promise<(first?: boolean) => Promise<void>> {
  vi.resetModules();
  if (host === 'page') vi.stubGlobal('setImmediate', undefined);
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  return (await import('./yieldToEvents.ts')).yieldToEvents;
}

test.each(['page', 'Node'] as const)(
  'timers, messages and aborts come through, again and again, and nothing is left open (as in a %s)',
  async (host) => {
    const yieldToEvents = await yieldIn(host);
    const seen = { timer: 0, message: 0 };
    const timer = setInterval(() => void seen.timer++, 0);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => void seen.message++;
    const stop = new AbortController();
    setTimeout(() => {
      stop.abort();
    }, 1);
    const end = performance.now() + 2000;
    while ((seen.timer < 3 || seen.message < 3 || !stop.signal.aborted) && performance.now() < end) {
      port2.postMessage(0);
      await yieldToEvents();
    }
    clearInterval(timer);
    port1.close();
    expect(seen.timer).toBeGreaterThanOrEqual(3);
    expect(seen.message).toBeGreaterThanOrEqual(3);
    expect(stop.signal.aborted).toBe(true);
  },
);

test.each(['page', 'Node'] as const)(
  'of three who wait, others wait for one at a time (as in a %s)',
  async (host) => {
    const other = globalThis.setImmediate;
    const yieldToEvents = await yieldIn(host);
    const order: string[] = [];
    let running = 3;
    const work = async (name: string): Promise<void> => {
      for (let k = 0; k < 5; k++) {
        await yieldToEvents();
        order.push(name);
      }
      running--;
    };
    const event = (): void => {
      order.push('event');
      if (running > 0) other(event);
    };
    other(event);
    await Promise.all(['a', 'b', 'c'].map(work));
    const works = order.filter((name) => name !== 'event');
    expect(works).toEqual(Array.from({ length: 5 }, () => ['a', 'b', 'c']).flat());
    if (host === 'Node') {
      const adjacent = order.filter((name, k) => name !== 'event' && k > 0 && order[k - 1] !== 'event');
      expect(adjacent).toEqual([]);
    }
  },
);

test.each(['page', 'Node'] as const)(
  'who comes first again and again goes on while the others wait, and events come through (as in a %s)',
  async (host) => {
    const yieldToEvents = await yieldIn(host);
    const order: string[] = [];
    const work = async (name: string, first?: boolean): Promise<void> => {
      for (let k = 0; k < 3; k++) {
        order.push(name);
        await yieldToEvents(first);
      }
    };
    setTimeout(() => order.push('event'), 0);
    await Promise.all([work('a'), work('b'), work('first', true)]);
    expect(order.filter((name) => name !== 'event')).toEqual([
      ...['a', 'b', 'first', 'first', 'first'],
      ...['a', 'b', 'a', 'b'],
    ]);
    await yieldToEvents();
  },
);
