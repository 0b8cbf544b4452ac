import { expect, it } from 'vitest';
import { markup } from '../../src/views/markup.js';
import { describedMarkup, optionalCell, tableMarkup } from '../../src/views/tableMarkup.js';

it('a table has a caption, a header for every column, and nothing unescaped', () => {
  const { html } = tableMarkup(markup`Fees of ${'<you>'}`, ['Title', 'A & B'], [markup`<tr></tr>`]);
  expect(html).toBe(`<table>
<caption>Fees of &lt;you&gt;</caption>
<thead>
<tr><th scope="col">Title</th><th scope="col">A &amp; B</th></tr>
</thead>
<tbody><tr></tr>
</tbody>
</table>`);
});

it('a cell is empty where there is no text', () => {
  for (const none of [null, undefined, '']) expect(optionalCell(none).html).toBe('<td></td>');
  expect(optionalCell('<b>').html).toBe('<td><bdi>&lt;b&gt;</bdi></td>');
});

it('an entry of a list of descriptions escapes its word', () => {
  expect(describedMarkup('"To pay"', markup`1`).html).toBe('\n<dt>&quot;To pay&quot;</dt><dd>1</dd>');
});
