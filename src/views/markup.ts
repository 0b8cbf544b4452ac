import { shownText } from './shownText.js';

/** A piece of HTML that is safe to put into more HTML. */
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

/** HTML from a template: every string put into it is escaped, so only the template itself can hold tags. */
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

/** Free text as HTML, isolated so that its writing direction reorders nothing around it. */
export function textMarkup(text: string): Markup {
  return markup`<bdi>${shownText(text)}</bdi>`;
}

/** A table with a caption, and headers that a screen reader finds for every cell. */
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

/** A cell of free text, empty where there is none. */
export function optionalCell(text: string | null | undefined): Markup {
  return markup`<td>${text ? textMarkup(text) : ''}</td>`;
}

/** One entry of a list of descriptions. */
export function describedMarkup(word: string, what: Markup): Markup {
  return markup`
<dt>${word}</dt><dd>${what}</dd>`;
}
