import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import { madeUpInput, spreadOut } from './fixtures/madeUp.ts';
import { FIGURE_WIDTH } from './figures/figure.ts';
import { reportPage } from './page.ts';
import { figureHtml } from './sections/parts.ts';

const { document } = new JSDOM().window;
const input = madeUpInput({ configuration: { seeds: [1, 2, 3] }, trial: spreadOut });
const page = reportPage(input, { document });

/** The page with its script run. */
function opened(markup: string): JSDOM {
  return new JSDOM(markup, {
    runScripts: 'dangerously',
    beforeParse(window) {
      window.matchMedia = () => ({ matches: true }) as MediaQueryList;
      window.Element.prototype.scrollIntoView = () => undefined;
    },
  });
}

test('the page loads nothing and its policy forbids it', () => {
  const { window } = new JSDOM(page);
  const policy = window.document
    .querySelector('meta[http-equiv="Content-Security-Policy"]')
    ?.getAttribute('content');
  expect(policy).toMatch(
    /^default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; font-src data:/,
  );
  const loading = [...window.document.querySelectorAll('[src], link, [href]')].filter(
    (element) => !/^(#|data:)/.test(element.getAttribute('href') ?? element.getAttribute('src') ?? ''),
  );
  expect(loading).toEqual([]);
  expect(page).not.toMatch(/url\((?!data:)/);
});

test('every entry of the contents leads to a section, and no id is used twice', () => {
  const { window } = new JSDOM(page);
  const ids = [...window.document.querySelectorAll('[id]')].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const links = [...window.document.querySelectorAll('nav a')].map((link) =>
    link.getAttribute('href')!.slice(1),
  );
  expect(links).toEqual([
    'results',
    'claims',
    'done',
    'statistics',
    'drawings',
    'untouched',
    'own-studies',
    'comparison',
    'strengths',
    'limits',
    'conclusion',
    'model-relu',
    'model-tanh',
    'tables',
    'glossary',
    'references',
    'configuration',
  ]);
  for (const id of links) expect(window.document.getElementById(id)?.tagName, id).toBe('SECTION');
});

test('claims lead to the plots that show them; every link within the page has its end', () => {
  const twelve = [
    ...'leakyRelu elu selu gelu silu softplus softsign sigmoid linear softmax'.split(' '),
    'relu',
    'tanh',
  ];
  const many = madeUpInput({ configuration: { activations: twelve, seeds: [1, 2] }, trial: spreadOut });
  for (const markup of [page, reportPage(many, { document })]) {
    const { document: shown } = new JSDOM(markup).window;
    const ends = [...shown.querySelectorAll('a[href^="#"]')].map((link) =>
      link.getAttribute('href')!.slice(1),
    );
    expect(ends.filter((end) => shown.getElementById(end) === null)).toEqual([]);
  }
  const { document: shown } = new JSDOM(page).window;
  const plots = (id: string) =>
    [...shown.querySelectorAll(`#${id} .plots a`)].map((link) => link.getAttribute('href'));
  expect(plots('C1')).toEqual(['#figure-test-accuracy', '#figure-accuracy-differences']);
  expect(plots('C10')).toEqual(['#figure-confusion-relu-counts', '#figure-confusion-tanh-counts']);
});

test('without its script the page has all figures, tables, claims and their text alternatives', () => {
  const { window } = new JSDOM(page);
  const figures = window.document.querySelectorAll('figure svg[role="img"]');
  expect(figures.length).toBe(17);
  for (const svg of figures) expect(svg.getAttribute('aria-label')).toMatch(/\d/);
  expect(window.document.querySelectorAll('table.claims tbody tr')).toHaveLength(13);
  expect(window.document.querySelectorAll('table.matrix')).toHaveLength(6);
  expect(window.document.querySelectorAll('a[download$=".csv"]')).toHaveLength(14);
  expect(window.document.querySelectorAll('a[download$=".tex"]')).toHaveLength(14);
  expect(window.document.querySelector<HTMLElement>('[data-explorer]')?.hidden).toBe(true);
});

test('a click on a cell shows all its images, for all seeds or one of them', () => {
  const { window } = opened(page);
  const explorer = window.document.querySelector<HTMLElement>('[data-explorer="tanh"]')!;
  const cells = [...window.document.querySelectorAll('#model-tanh [data-matrix] svg')].map((svg) => [
    ...svg.querySelectorAll('rect.cell'),
  ]);
  expect(explorer.hidden).toBe(false);
  expect(cells.map(({ length }) => length)).toEqual([100, 100]);

  const tanh = input.results.trials.filter(({ activation }) => activation === 'tanh');
  const runs = tanh.map(({ key }) => input.predictions.get(key)!);
  const inCell = (used: Uint8Array[], t: number, p: number) =>
    [...input.test.labels.keys()].filter(
      (i) => input.test.labels[i] === t && used.some((predicted) => predicted[i] === p),
    );
  const shown = () =>
    [...explorer.querySelectorAll('.tile small:first-of-type')].map((small) =>
      Number(small.textContent.slice(1)),
    );
  const ascending = (a: number, b: number) => a - b;

  for (const [t, p] of [
    [0, 1],
    [5, 7],
    [5, 5],
  ]) {
    cells[1][10 * t + p].dispatchEvent(new window.MouseEvent('click'));
    expect(shown().sort(ascending), `${t} as ${p}`).toEqual(inCell(runs, t, p));
    expect(cells[0][10 * t + p].getAttribute('aria-pressed')).toBe('true');
    const select = explorer.querySelector('select')!;
    select.value = 'seed 2';
    select.dispatchEvent(new window.Event('change'));
    expect(shown().sort(ascending)).toEqual(inCell([runs[1]], t, p));
    expect(explorer.querySelector('[data-heading]')?.textContent).toContain('seed 2');
    select.value = 'all';
    select.dispatchEvent(new window.Event('change'));
  }
  expect(inCell(runs, 0, 1).length).toBeGreaterThan(0);
});

test('cells are buttons: arrows move the focus, Enter chooses', () => {
  const { window } = opened(page);
  const cells = [
    ...window.document.querySelectorAll<SVGElement>('#model-relu [data-matrix] svg:first-of-type rect.cell'),
  ];
  cells[0].focus();
  const press = (key: string) =>
    window.document.activeElement?.dispatchEvent(new window.KeyboardEvent('keydown', { key }));
  press('ArrowDown');
  press('ArrowRight');
  press('ArrowUp');
  press('ArrowUp');
  expect(window.document.activeElement?.getAttribute('aria-label')).toBe(
    'True 0, predicted 1: show the images',
  );
  expect(window.document.activeElement?.getAttribute('role')).toBe('button');
  press('Enter');
  expect(window.document.querySelector('[data-explorer="relu"] [data-heading]')?.textContent).toMatch(
    /^0 taken for 1: /,
  );
});

test('a figure wider than a phone is scrolled there, others shrink', () => {
  const figure = (width: number) =>
    figureHtml({
      name: 'one',
      title: '',
      alt: '',
      svg: `<svg viewBox="0 0 ${width} 9" width="${width}"></svg>`,
    });
  expect(figure(FIGURE_WIDTH).markup).toContain('class="picture"');
  expect(figure(1.5 * FIGURE_WIDTH).markup).toContain('class="picture wider"');
});

test('a quick run carries a banner; names are escaped wherever they stand', () => {
  const hostile = '</script><img src=x onerror=alert(1)>';
  const markup = reportPage(
    madeUpInput({ configuration: { quick: true, activations: ['relu', hostile], epochs: 2 } }),
    {
      document,
    },
  );
  const { window } = new JSDOM(markup);
  expect(window.document.querySelector('.banner')?.textContent).toContain('Quick taste, not a result');
  expect(window.document.querySelectorAll('img, [onerror]')).toHaveLength(0);
  expect(window.document.querySelectorAll('script')).toHaveLength(2);
  expect(window.document.querySelector('h1')?.textContent).toContain(hostile);
});

test('a report of one seed and one epoch holds together', () => {
  const markup = reportPage(madeUpInput({ configuration: { seeds: [0], epochs: 1 } }), { document });
  const main = new JSDOM(markup).window.document.querySelector('main')!;
  expect(main.textContent).not.toMatch(/NaN|undefined|Infinity|\[object/);
  expect(opened(markup).window.document.querySelectorAll('rect.cell')).toHaveLength(400);
});

test('12 activations with five seeds stay below 4 MB, sprites aside', () => {
  const activations = ['linear', 'relu', 'leakyRelu', 'elu', 'selu', 'gelu', 'silu', 'softplus', 'softsign'];
  const all = { activations: [...activations, 'sigmoid', 'tanh', 'softmax'] };
  expect(reportPage(madeUpInput({ configuration: all, trial: spreadOut }), { document }).length).toBeLessThan(
    2.4e6,
  );
});

test('on other images than MNIST’s one sentence says that no claim applies, and nothing of the paper or its writers is shown', () => {
  const { results } = input;
  const data = {
    ...results.data,
    name: 'Clothes',
    identity: results.data.identity.with(0, 'f'.repeat(64)).with(2, 'e'.repeat(64)),
    classes: results.data.classes.map((name) => `kind ${name}`),
  };
  const { document: other } = opened(
    reportPage({ ...input, results: { ...results, data } }, { document }),
  ).window;
  const text = (selector: string) => other.querySelector(selector)!.textContent.replace(/\s+/g, ' ').trim();
  expect(text('h1')).toBe('ReLU against Tanh on Clothes');
  expect(text('#claims')).toMatch(
    /The paper's 13 claims \(C1 to C13\) are about the handwritten digits of MNIST and these runs are of Clothes, so none of them is judged here, and no number of the paper is shown\.$/,
  );
  expect(other.querySelector('table.claims')).toBeNull();
  expect(text('#limits')).not.toMatch(/paper|decades/);
  expect(text('#comparison')).toMatch(/recognises kind \d best/);
  // The cells of the matrices speak of the classes by name.
  expect(other.querySelector('[data-matrix] [role="button"]')!.getAttribute('aria-label')).toBe(
    'True kind 0, predicted kind 0: show the images',
  );
});
