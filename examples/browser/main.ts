/** The page: shows what the worker says. */
const log = document.querySelector('#log')!;
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

worker.onmessage = ({ data }: MessageEvent<string>) => {
  log.textContent += `${data}\n`;
};
worker.onerror = ({ message }) => {
  log.textContent += `${message}\n`;
};
worker.postMessage({ epochs: Number(new URLSearchParams(location.search).get('epochs') ?? 3) });
