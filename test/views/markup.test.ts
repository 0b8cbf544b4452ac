import { describe, expect, it } from 'vitest';
import { markup, textMarkup } from '../../src/views/markup.js';

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
