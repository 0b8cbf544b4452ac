import { describe, expect, it } from 'vitest';
import { describedMarkup, markup, optionalCell, tableMarkup, textMarkup } from '../../src/views/markup.js';

describe('markup', () => {
  it('escapes strings', () => {
    const evil = `</td><script>alert("1")</script> & 'more'`;
    expect(markup`<td title="${evil}">${evil}</td>`.html).toBe(
      '<td title="&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;">' +
        '&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;</td>',
    );
  });

  it('does not escape other markup, one piece or a list', () => {
    const cells = ['1', '<2>'].map((text) => markup`<td>${text}</td>`);
    expect(markup`<tr>${cells}${markup`<td></td>`}</tr>`.html).toBe(
      '<tr><td>1</td><td>&lt;2&gt;</td><td></td></tr>',
    );
  });

  it('isolates and escapes free text (textMarkup)', () => {
    expect(textMarkup('\u202Ea < b').html).toBe('<bdi>a &lt; b</bdi>');
    expect(textMarkup({ html: '<script>' } as unknown as string).html).toBe('<bdi>[object Object]</bdi>');
  });
});

it('tableMarkup has a caption and a header for every column, all escaped', () => {
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

it('optionalCell is empty without text', () => {
  for (const none of [null, undefined, '']) expect(optionalCell(none).html).toBe('<td></td>');
  expect(optionalCell('<b>').html).toBe('<td><bdi>&lt;b&gt;</bdi></td>');
});

it('describedMarkup escapes its word', () => {
  expect(describedMarkup('"To pay"', markup`1`).html).toBe('\n<dt>&quot;To pay&quot;</dt><dd>1</dd>');
});
