import { html } from 'hono/html';
import type { Html } from './pages.js';

/** A column of a table. */
export type Column = {
  readonly name: string;
  readonly amount?: boolean;
  /** Whether its cells name their rows. */
  readonly head?: boolean;
  readonly sort?: 'ascending' | 'descending';
  /** Where its name leads. */
  readonly link?: string;
  /** Whether only screen readers read its name. */
  readonly hidden?: boolean;
};

/** What a cell of a table shows. */
type Cell = string | number | false | null | undefined | Html | readonly (string | Html)[];

/** A table with a caption. In a narrow window each row is a card, and its cells have the names of their columns. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Cell[])[]): Html {
  const heads = columns.map(({ name, amount, sort, link, hidden }) => {
    const shown = link === undefined ? name : html`<a href="${link}">${name}</a>`;
    return html`<th scope="col"${amount && html` class="amount"`}${sort && html` aria-sort="${sort}"`}>${hidden ? html`<span class="hidden">${name}</span>` : shown}</th>`;
  });
  const lines = rows.map(
    (cells) => html`<tr>${columns.map((column, index) => tableCell(column, cells[index]))}</tr>`,
  );
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>${lines}</tbody>
</table></div>`;
}

function tableCell({ name, amount, head, hidden }: Column, cell: Cell): Html {
  const isEmpty = cell === undefined || cell === null || cell === false || cell === '';
  const content = !isEmpty && html`<span>${cell}</span>`;
  if (head) return html`<th scope="row">${content}</th>`;
  const label = !hidden && html` data-label="${name}"`;
  return html`<td${label}${amount && html` class="amount"`}>${content}</td>`;
}

/** Columns by their names. */
export function named(...names: readonly string[]): Column[] {
  return names.map((name) => ({ name }));
}

/** Columns of amounts by their names. */
export function amounts(...names: readonly string[]): Column[] {
  return names.map((name) => ({ name, amount: true }));
}
