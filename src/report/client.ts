/** What the page holds for its script. */
export interface ExplorerData {
  readonly columns: number;
  readonly images: number;
  /** Their names, by label. */
  readonly classes: readonly string[];
  /** Base64, two labels in a byte where there are 16 classes or fewer, else one. */
  readonly labels: string;
  /** Bytes that hold the number of an image, the highest first: two, or three where there are more images. */
  readonly indexBytes: number;
  /** By arm: the runs with their mistakes, number of the image and predicted class (a byte) each, as base64. */
  readonly arms: Readonly<Record<string, readonly { readonly run: string; readonly mistakes: string }[]>>;
}

/**
 * The script of the page, embedded as text: it must use nothing from outside itself but the `document` given to it. Makes
 * the cells of the confusion matrices buttons that show the test images of the cell, and opens what is folded for printing.
 */
export function client(document: Document, data: ExplorerData): void {
  const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const packed = bytesOf(data.labels);
  const { classes } = data;
  const n = classes.length;
  const labels =
    n > 16
      ? packed
      : Uint8Array.from({ length: data.images }, (_, i) =>
          i % 2 === 0 ? packed[i >> 1] >> 4 : packed[i >> 1] & 15,
        );
  const rank = new Uint32Array(data.images);
  const seen = new Uint32Array(n);
  labels.forEach((label, i) => (rank[i] = seen[label]++));

  const predictions = (mistakes: string) => {
    const predicted = labels.slice();
    const bytes = bytesOf(mistakes);
    for (let at = 0; at < bytes.length; at++) {
      let index = 0;
      for (let k = 0; k < data.indexBytes; k++) index = (index << 8) | bytes[at++];
      predicted[index] = bytes[at];
    }
    return predicted;
  };

  const tile = (index: number, note: string) => {
    const label = labels[index];
    const element = document.createElement('div');
    element.className = 'tile';
    const image = document.createElement('span');
    image.className = `sprite sprite-${label}`;
    image.setAttribute('role', 'img');
    image.setAttribute(
      'aria-label',
      `Test image ${index}, ${n === 10 && classes[8] === '8' ? 'a ' : ''}${classes[label]}${note === '' ? '' : `, ${note}`}`,
    );
    image.style.setProperty('--column', String(rank[index] % data.columns));
    image.style.setProperty('--row', String(Math.floor(rank[index] / data.columns)));
    const caption = document.createElement('small');
    caption.textContent = `#${index}`;
    element.title = `Test image ${index}${note === '' ? '' : `: ${note}`}`;
    element.append(image, caption);
    if (note !== '') {
      const times = document.createElement('small');
      times.textContent = note;
      element.append(times);
    }
    return element;
  };

  document.querySelectorAll<HTMLElement>('[data-explorer]').forEach((explorer) => {
    const runs = (data.arms[explorer.dataset.explorer ?? ''] ?? []).map(({ run, mistakes }) => ({
      run,
      predicted: predictions(mistakes),
    }));
    const select = explorer.querySelector('select');
    const heading = explorer.querySelector('[data-heading]');
    const output = explorer.querySelector('[data-output]');
    const section = explorer.closest('section');
    if (runs.length === 0 || select === null || heading === null || output === null || section === null)
      return;
    explorer.hidden = false;
    let chosen: { trueClass: number; predictedClass: number } | null = null;

    const show = () => {
      if (chosen === null) return;
      const { trueClass, predictedClass } = chosen;
      const used = select.value === 'all' ? runs : runs.filter(({ run }) => run === select.value);
      const found: { index: number; times: number }[] = [];
      let total = 0;
      labels.forEach((label, index) => {
        if (label !== trueClass) return;
        const times = used.filter(({ predicted }) => predicted[index] === predictedClass).length;
        total += times;
        if (times > 0) found.push({ index, times });
      });
      const many = used.length > 1;
      if (many && trueClass !== predictedClass) found.sort((a, b) => b.times - a.times || a.index - b.index);
      if (many && trueClass === predictedClass) found.sort((a, b) => a.times - b.times || a.index - b.index);
      const what =
        trueClass === predictedClass
          ? `${classes[trueClass]} read correctly`
          : `${classes[trueClass]} taken for ${classes[predictedClass]}`;
      const number = found.length === 1 ? 'one test image' : `${found.length} test images`;
      heading.textContent = many
        ? `${what}: ${number} in at least one of ${used.length} seeds, ${(total / used.length).toFixed(1)} on average`
        : `${what}: ${number}, ${used[0].run}`;
      output.replaceChildren(
        ...found.map(({ index, times }) => tile(index, many ? `${times} of ${used.length} seeds` : '')),
      );
    };

    const matrices = Array.from(section.querySelectorAll('[data-matrix] svg'), (svg) => ({
      svg,
      cells: Array.from(svg.querySelectorAll('[aria-label="cell"] rect')),
    }));
    const mark = () =>
      matrices.forEach(({ cells }) =>
        cells.forEach((cell, at) => {
          const is = chosen !== null && at === n * chosen.trueClass + chosen.predictedClass;
          cell.setAttribute('aria-pressed', String(is));
        }),
      );
    matrices.forEach(({ svg, cells }) => {
      if (cells.length !== n * n) return;
      svg.setAttribute('role', 'group');
      svg.querySelector('[aria-label="cell"]')?.removeAttribute('aria-label');
      cells.forEach((cell, at) => {
        const [trueClass, predictedClass] = [Math.floor(at / n), at % n];
        cell.classList.add('cell');
        cell.setAttribute('role', 'button');
        cell.setAttribute('tabindex', at === 0 ? '0' : '-1');
        cell.setAttribute(
          'aria-label',
          `True ${classes[trueClass]}, predicted ${classes[predictedClass]}: show the images`,
        );
        const choose = () => {
          chosen = { trueClass, predictedClass };
          mark();
          show();
          const calm = document.defaultView?.matchMedia('(prefers-reduced-motion: reduce)').matches ?? true;
          explorer.scrollIntoView({ block: 'nearest', behavior: calm ? 'auto' : 'smooth' });
        };
        cell.addEventListener('click', choose);
        cell.addEventListener('keydown', (event) => {
          const { key } = event as KeyboardEvent;
          if (key === 'Enter' || key === ' ') {
            event.preventDefault();
            choose();
            return;
          }
          const steps: Record<string, [number, number]> = {
            ArrowUp: [-1, 0],
            ArrowDown: [1, 0],
            ArrowLeft: [0, -1],
            ArrowRight: [0, 1],
          };
          const step = steps[key];
          if (step === undefined) return;
          const [row, column] = [trueClass + step[0], predictedClass + step[1]];
          if (row < 0 || row >= n || column < 0 || column >= n) return;
          event.preventDefault();
          cell.setAttribute('tabindex', '-1');
          const next = cells[n * row + column] as SVGElement;
          next.setAttribute('tabindex', '0');
          next.focus();
        });
      });
      mark();
    });
    select.addEventListener('change', show);
  });

  document.defaultView?.addEventListener('beforeprint', () => {
    document.querySelectorAll('details').forEach((details) => (details.open = true));
  });
}
