import { type Markup, markup, textMarkup } from './markup.js';

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
