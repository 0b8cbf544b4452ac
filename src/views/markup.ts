import { shownText } from './shownText.js';

/** Escaped HTML, safe to put into more HTML. */
export type Markup = {
  /** The HTML. */
  readonly html: string;
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}

/** Template tag that returns HTML. Strings put into the template are escaped, so only the template can have tags. */
export function markup(
  template: TemplateStringsArray,
  ...values: readonly (string | Markup | readonly Markup[])[]
): Markup {
  const written = values.map((value) => {
    if (typeof value === 'string') return escaped(value);
    return [value]
      .flat()
      .map(({ html }) => html)
      .join('');
  });
  return { html: String.raw({ raw: template }, ...written) };
}

/** Returns free text as HTML, isolated so that its writing direction does not affect the text around it. */
export function textMarkup(text: string): Markup {
  return markup`<bdi>${shownText(text)}</bdi>`;
}

/** Returns a table with a caption and column headers. */
export function tableMarkup(caption: Markup, columns: readonly string[], rows: readonly Markup[]): Markup {
  return markup`<table>
<caption>${caption}</caption>
<thead>
<tr>${columns.map((column) => markup`<th scope="col">${column}</th>`)}</tr>
</thead>
<tbody>${rows}
</tbody>
</table>`;
}

/** Returns a cell of free text, or an empty cell. */
export function optionalCell(text: string | null | undefined): Markup {
  return markup`<td>${text ? textMarkup(text) : ''}</td>`;
}

/** Returns one entry of a description list. */
export function describedMarkup(word: string, what: Markup): Markup {
  return markup`
<dt>${word}</dt><dd>${what}</dd>`;
}
