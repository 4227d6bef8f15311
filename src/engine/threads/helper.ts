/**
 * What a helping thread runs, as text: Node takes it as it is, a page as a blob, and bundlers leave it alone. `commands.ts` says how commands lie in its ring, `team.ts` what the other
 * cells hold. Between commands it spins for `spin` milliseconds and then sleeps.
 */
export const HELPER = `
const inNode = typeof require === 'function';
const port = inNode ? require('node:worker_threads').parentPort : self;
port.onmessage = ({ data: { memory, modules, cells, places, first, slots, width, most, spin } }) => {
  const { CALLER_ASLEEP, POSTED, ASLEEP, FAILED, DONE, BUSY } = places;
  const cell = new Int32Array(cells);
  const word = new Uint32Array(cells);
  const float = new Float64Array(cells);
  const kernels = modules.flatMap(({ module }) =>
    Object.values(new WebAssembly.Instance(module, { '': { '': memory } }).exports));
  const lists = Array.from({ length: most + 1 }, (_, length) => new Array(length).fill(0));
  const pause = Atomics.pause ?? (() => undefined);
  const waitForWork = () => {
    const start = performance.now();
    for (let turn = 1; ; turn++) {
      const posted = Atomics.load(cell, POSTED);
      if (posted !== Atomics.load(cell, DONE) && Atomics.load(cell, BUSY) === 0) return;
      pause();
      if (turn % 64 !== 0 || performance.now() - start < spin) continue;
      Atomics.store(cell, ASLEEP, 1);
      Atomics.wait(cell, POSTED, posted);
      Atomics.store(cell, ASLEEP, 0);
    }
  };
  port.postMessage('ready');
  try {
    for (;;) {
      waitForWork();
      if (Atomics.compareExchange(cell, BUSY, 0, 1) !== 0) continue;
      for (let done = Atomics.load(cell, DONE); done !== Atomics.load(cell, POSTED); ) {
        const at = first + (done & (slots - 1)) * width;
        const kernel = kernels[word[at]];
        if (!kernel) {
          port.close();
          return;
        }
        const list = lists[word[at + 1]];
        let floats = word[at + 2];
        for (let k = 0; k < list.length; k++) list[k] = word[at + 3 + k];
        for (let k = 0, next = (at + 3 + most) >> 1; floats; k++, floats >>>= 1) if (floats & 1) list[k] = float[next++];
        kernel.apply(undefined, list);
        done = (done + 1) | 0;
        Atomics.store(cell, DONE, done);
      }
      Atomics.store(cell, BUSY, 0);
      if (Atomics.load(cell, CALLER_ASLEEP) === 1) Atomics.notify(cell, BUSY);
    }
  } catch (error) {
    Atomics.store(cell, FAILED, 1);
    port.postMessage(String(error));
    port.close();
  }
};
`;
