import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cardMarkdown } from './card/markdown.ts';
import { markdownHtml } from './markdown.ts';

test.each([
  ['## What `a<b` **is**', '<h2>What <code>a&lt;b</code> <strong>is</strong></h2>'],
  ['One\ntwo.\n\nThree.', '<p>One\ntwo.</p><p>Three.</p>'],
  [
    'Of:\n- one\n  more\n- **two**\n\nEnd',
    '<p>Of:</p><ul><li>one\nmore</li><li><strong>two</strong></li></ul><p>End</p>',
  ],
  ['1. one\n2. two', '<ol><li>one</li><li>two</li></ol>'],
  ['```sh\na **b** <i>\n```', '<pre><code>a **b** &lt;i&gt;</code></pre>'],
  ['\\*\\*no\\*\\* \\[x\\](y) a\\_b', '<p>**no** [x](y) a_b</p>'],
  [
    '[a](https://example.org/?x=1&y="2")',
    '<p><a href="https://example.org/?x=1&amp;y=&quot;2&quot;">a</a></p>',
  ],
  ['[a](README.md) [b](javascript:alert%281%29)', '<p>a b</p>'],
  ['a | b and 2 * 3 ** 4', '<p>a | b and 2 * 3 ** 4</p>'],
  ['<script>alert(1)</script> & "', '<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;</p>'],
])('%j', (markdown, markup) => {
  expect(markdownHtml(markdown).markup).toBe(markup);
});

test('a table, a row with too few cells, and a bar that is text', () => {
  const { markup } = markdownHtml('| kind | n |\n| --- | --: |\n| a \\| b | 1 |\n| c |\n\nafter');
  const table = markup.replace(/^<div[^>]*>/, '');
  expect(table.replaceAll(/(?<=>)\s+(?=<)|\s+(?=>)/g, '').trim()).toBe(
    '<table><thead><tr><th scope="col">kind</th><th scope="col" class="end">n</th></tr></thead><tbody><tr><td>a | b</td><td class="end">1</td></tr><tr><td>c</td><td class="end"></td></tr></tbody></table></div><p>after</p>',
  );
});

test('of the card of the shipped reader no markup is left over', () => {
  const { markup } = markdownHtml(readFileSync(new URL('../../data/reader.md', import.meta.url), 'utf8'));
  const text = markup.replace(/<[^>]*>/g, '\n');
  expect(text).not.toMatch(/\*\*|`|^\s*#|\| |\]\(/m);
  expect(markup.match(/<h1>/g)).toHaveLength(1);
  expect(markup.match(/<table>/g)!.length).toBeGreaterThan(2);
});

test('what `dactyl card` escapes is shown as it was written', () => {
  const title = String.raw`a*b_c[d]<e>|#f\g`;
  const text = `**x** and ${title}`;
  const card = {
    title,
    command: 'dactyl card',
    model: [{ title: 'T', items: [{ kind: 'text', label: 'L', text }] }],
    dataSheet: [],
  } as unknown as Parameters<typeof cardMarkdown>[0];
  const { markup } = markdownHtml(cardMarkdown(card));
  expect(markup).toContain(String.raw`<h1>a*b_c[d]&lt;e&gt;|#f\g</h1>`);
  expect(markup).toContain('<strong>L.</strong> **x** and a*b_c[d]&lt;e&gt;|#f');
});
