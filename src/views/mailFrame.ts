import { type Markup, markup, textMarkup } from './markup.js';
import { shownText } from './shownText.js';

/** The language and the direction of a document. */
type MailWords = { readonly language: string; readonly direction: 'ltr' | 'rtl' };

/** A row of a table: what it is about, with details below it, and the cells after that. */
type MailRow = {
  readonly head: Markup;
  /** Shown below the head, smaller, a line each. */
  readonly details?: readonly Markup[];
  readonly cells: readonly string[];
  /** Shown before the text of the last cell, in bold. */
  readonly alert?: string;
};

const INK = '#1a1a1a';
const QUIET = '#555555';
const RULE = '1px solid #d0d0d0';

/**
 * The colours for readers who prefer a dark screen, and breaks between pages. Mail programs that drop this keep the
 * inline styles.
 */
const STYLE = `:root{color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){
.page{background:#181818!important;color:#ececec!important}
.quiet{color:#b8b8b8!important}
.rule{border-color:#4c4c4c!important}
.box{border-color:#ececec!important}
}
@media print{tr,.box{break-inside:avoid}h2,h3{break-after:avoid}}`;

/**
 * Returns a complete document in the style of all that people receive: without scripts, pictures and external styles,
 * at most 600 pixels wide, laid out by tables because e-mail programs keep them.
 */
export function mailDocument(
  { language, direction }: MailWords,
  parts: {
    /** The title of the window. */
    readonly title: string;
    readonly heading: string | Markup;
    readonly above?: readonly Markup[];
    readonly below: readonly (Markup | readonly Markup[])[];
  },
): string {
  const { title, heading, above = [], below } = parts;
  const { html } = markup`<!DOCTYPE html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${shownText(title)}</title>
<style>
${{ html: STYLE }}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#ffffff;color:${INK}">
<table role="presentation" class="page" style="width:100%;border-collapse:collapse;background:#ffffff;color:${INK}"><tr><td align="center" style="padding:0">
<table role="presentation" width="600" dir="${direction}" style="width:100%;max-width:600px;border-collapse:collapse"><tr><td align="${sidesOf(direction).start}" style="padding:24px 16px;font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:1.45;overflow-wrap:anywhere">
<main>
${above}<h1 style="margin:${above.length > 0 ? '16px' : '0'} 0 16px;font-size:22px;line-height:1.25;font-weight:600">${heading}</h1>
${below.flat()}</main>
</td></tr></table>
</td></tr></table>
</body>
</html>
`;
  return html;
}

/** Returns a line above the heading, such as the name of the library. */
export function mailIssuer(text: string): Markup {
  return markup`<p class="quiet" style="margin:0 0 4px;color:${QUIET}">${textMarkup(text)}</p>
`;
}

/** Returns a heading of a part, or of a part of it. */
export function mailHeading(level: 2 | 3, text: string | Markup): Markup {
  const tag = { html: `h${level}` };
  const size = level === 2 ? 17 : 15;
  return markup`<${tag} style="margin:24px 0 8px;font-size:${String(size)}px;line-height:1.3;font-weight:600">${text}</${tag}>
`;
}

/** Returns a paragraph; `box` for what must not be missed. */
export function mailParagraph(text: string | Markup, kind: 'plain' | 'quiet' | 'box' = 'plain'): Markup {
  if (kind === 'box')
    return markup`<p class="box" style="margin:0 0 16px;padding:8px 12px;border:1px solid ${INK};font-weight:600">${text}</p>
`;
  const [start, end] =
    kind === 'quiet' ? [{ html: ' class="quiet"' }, `;color:${QUIET}`] : [{ html: '' }, ''];
  return markup`<p${start} style="margin:0 0 16px${end}">${text}</p>
`;
}

/** Returns labels with their texts, in rows. */
export function mailEntries(
  direction: MailWords['direction'],
  entries: readonly (readonly [label: string, text: string | Markup])[],
): Markup {
  const { start } = sidesOf(direction);
  return markup`<table style="${TABLE}">
<tbody>${entries.map(
    ([label, text]) => markup`
<tr><th scope="row" class="quiet" style="${cell(start)};font-weight:400;color:${QUIET};width:40%">${label}</th><td style="${cell(start)}">${text}</td></tr>`,
  )}
</tbody>
</table>
`;
}

/** Returns labels with their amounts, in rows; the last one is the sum if so said. */
export function mailAmounts(
  direction: MailWords['direction'],
  amounts: readonly (readonly [label: string, amount: string])[],
  last: 'sum' | 'amount' = 'amount',
): Markup {
  const { start } = sidesOf(direction);
  const style = (index: number) =>
    last === 'sum' && index === amounts.length - 1
      ? `;font-weight:600;border-top:${RULE}`
      : ';font-weight:400';
  return markup`<table style="${TABLE}">
<tbody>${amounts.map(
    ([label, amount], index) => markup`
<tr><th scope="row" class="rule" style="${cell(start)}${style(index)}">${label}</th><td class="rule" style="${amountCell(start)}${style(index)}">${amount}</td></tr>`,
  )}
</tbody>
</table>
`;
}

/**
 * Returns a table. Its first column has texts, the others have amounts, with figures of one width whose fractions are
 * below each other; with `wraps` they have longer texts.
 */
export function mailTable(
  direction: MailWords['direction'],
  columns: readonly string[],
  rows: readonly MailRow[],
  more: { readonly wraps?: boolean; readonly sum?: readonly [label: string, amount: string] } = {},
): Markup {
  const { start, end } = sidesOf(direction);
  const { wraps = false, sum } = more;
  const endCell = wraps ? `${cell(end)};padding-${start}:16px` : amountCell(start);
  const endHead = `${cell(wraps ? end : 'right')};padding-${start}:16px`;
  const heading = `font-weight:600;overflow-wrap:normal;border-bottom:${RULE}`;
  const sumRow = sum && [
    markup`
<tr><th scope="row" colspan="${String(columns.length - 1)}" class="rule" style="${cell(start)};font-weight:600;border-top:${RULE}">${sum[0]}</th><td class="rule" style="${endCell};font-weight:600;border-top:${RULE}">${sum[1]}</td></tr>`,
  ];
  return markup`<table style="${TABLE}">
<thead>
<tr>${columns.map((name, index) => markup`<th scope="col" class="rule" style="${index === 0 ? cell(start) : endHead};${heading}">${name}</th>`)}</tr>
</thead>
<tbody>${rows.map(
    ({ head, details = [], cells, alert }) => markup`
<tr><th scope="row" style="${cell(start)};font-weight:400">${head}${details.map(
      (detail) => markup`<br><span class="quiet" style="color:${QUIET};font-size:13px">${detail}</span>`,
    )}</th>${cells.map(
      (text, index) =>
        markup`<td style="${endCell}">${text}${
          alert !== undefined && index === cells.length - 1 ? markup` <strong>${alert}</strong>` : ''
        }</td>`,
    )}</tr>`,
  )}${sumRow ?? []}
</tbody>
</table>
`;
}

const TABLE = 'width:100%;border-collapse:collapse;margin:0 0 16px';

// E-mail programs know left and right, not start and end.
function sidesOf(direction: MailWords['direction']) {
  return direction === 'rtl' ? { start: 'right', end: 'left' } : { start: 'left', end: 'right' };
}

function cell(side: string): string {
  return `padding:6px 0;vertical-align:top;text-align:${side}`;
}

// Figures run from left to right in every language: fractions are below each other if amounts end on the right. In a
// table that begins on the right, such a column is as narrow as its amounts, so that it stays at the edge.
function amountCell(start: string): string {
  const narrow = start === 'right' ? ';width:1%' : '';
  return `${cell('right')};padding-${start}:16px${narrow};white-space:nowrap;font-variant-numeric:tabular-nums`;
}
