import { type Letter, type Line, type Part, piecesOf, type Row } from './letter.js';
import { type Markup, markup, textMarkup } from './markup.js';
import { shownText } from './shownText.js';

const INK = '#1a1a1a';
const QUIET = '#555555';
const RULE = '1px solid #d0d0d0';
const SUM = `;font-weight:600;border-top:${RULE}`;

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
 * Writes a letter as a complete HTML document: without scripts, pictures and external styles, at most 600 pixels wide,
 * laid out by tables because e-mail programs keep them. All text is escaped.
 */
export function letterHtml({ words, issuer, heading, title = heading, parts }: Letter): string {
  const { language, direction } = words;
  const sides = sidesOf(direction);
  const plain = piecesOf(title).map((piece) => (typeof piece === 'object' ? piece.free : piece));
  const { html } = markup`<!DOCTYPE html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${shownText(plain.join(''))}</title>
<style>
${{ html: STYLE }}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#ffffff;color:${INK}">
<table role="presentation" class="page" style="width:100%;border-collapse:collapse;background:#ffffff;color:${INK}"><tr><td align="center" style="padding:0">
<table role="presentation" width="600" dir="${direction}" style="width:100%;max-width:600px;border-collapse:collapse"><tr><td align="${sides.start}" style="padding:24px 16px;font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:1.45;overflow-wrap:anywhere">
<main>
${issuer.map((line) => markup`<p class="quiet" style="margin:0 0 4px;color:${QUIET}">${textMarkup(line)}</p>\n`)}<h1 style="margin:${issuer.length > 0 ? '16px' : '0'} 0 16px;font-size:22px;line-height:1.25;font-weight:600">${lineMarkup(heading)}</h1>
${parts.map((part) => markup`${partMarkup(part, sides)}\n`)}</main>
</td></tr></table>
</td></tr></table>
</body>
</html>
`;
  return html;
}

function lineMarkup(line: Line): readonly Markup[] {
  return piecesOf(line).map((piece) =>
    typeof piece === 'object' ? textMarkup(piece.free) : markup`${String(piece)}`,
  );
}

function partMarkup(part: Part, sides: Sides): Markup {
  switch (part.kind) {
    case 'heading': {
      const tag = { html: `h${part.level}` };
      const size = part.level === 2 ? 17 : 15;
      return markup`<${tag} style="margin:24px 0 8px;font-size:${String(size)}px;line-height:1.3;font-weight:600">${lineMarkup(part.text)}</${tag}>`;
    }
    case 'paragraph':
      return paragraphMarkup(lineMarkup(part.text), part.tone);
    case 'entries':
      return tableMarkup(
        part.entries.map(
          ([label, text]) =>
            markup`<th scope="row" class="quiet" style="${cell(sides.start)};font-weight:400;color:${QUIET};width:40%">${label}</th><td style="${cell(sides.start)}">${lineMarkup(text)}</td>`,
        ),
      );
    case 'amounts':
      return tableMarkup(
        part.amounts.map(([label, amount], index) => {
          const style = part.endsWithSum && index === part.amounts.length - 1 ? SUM : ';font-weight:400';
          return markup`<th scope="row" class="rule" style="${cell(sides.start)}${style}">${label}</th><td class="rule" style="${amountCell(sides.start)}${style}">${amount}</td>`;
        }),
      );
    case 'table':
      return columnsMarkup(part, sides);
  }
}

function paragraphMarkup(text: readonly Markup[], tone?: 'quiet' | 'box'): Markup {
  if (tone === 'box')
    return markup`<p class="box" style="margin:0 0 16px;padding:8px 12px;border:1px solid ${INK};font-weight:600">${text}</p>`;
  const [start, end] =
    tone === 'quiet' ? [{ html: ' class="quiet"' }, `;color:${QUIET}`] : [{ html: '' }, ''];
  return markup`<p${start} style="margin:0 0 16px${end}">${text}</p>`;
}

/** Returns a table with columns. Figures have one width, and their fractions are below each other. */
function columnsMarkup(
  { columns, rows, wraps, sum }: Extract<Part, { kind: 'table' }>,
  { start, end }: Sides,
): Markup {
  const endCell = wraps ? `${cell(end)};padding-${start}:16px` : amountCell(start);
  const endHead = `${cell(wraps ? end : 'right')};padding-${start}:16px`;
  const heading = `font-weight:600;overflow-wrap:normal;border-bottom:${RULE}`;
  const head = columns.map(
    (name, index) =>
      markup`<th scope="col" class="rule" style="${index === 0 ? cell(start) : endHead};${heading}">${name}</th>`,
  );
  const sumRow = sum && [
    markup`<th scope="row" colspan="${String(columns.length - 1)}" class="rule" style="${cell(start)}${SUM}">${sum[0]}</th><td class="rule" style="${endCell}${SUM}">${sum[1]}</td>`,
  ];
  return tableMarkup(
    [...rows.map((row) => rowMarkup(row, cell(start), endCell)), ...(sumRow ?? [])],
    markup`<thead>
<tr>${head}</tr>
</thead>
`,
  );
}

function rowMarkup({ head, details = [], cells, alert }: Row, first: string, others: string): Markup {
  const below = details.map(
    (detail) =>
      markup`<br><span class="quiet" style="color:${QUIET};font-size:13px">${lineMarkup(detail)}</span>`,
  );
  const warning = alert === undefined ? [] : markup` <strong>${alert}</strong>`;
  const after = cells.map(
    (text, index) => markup`<td style="${others}">${text}${index === cells.length - 1 ? warning : []}</td>`,
  );
  return markup`<th scope="row" style="${first};font-weight:400">${lineMarkup(head)}${below}</th>${after}`;
}

function tableMarkup(rows: readonly Markup[], head: Markup = { html: '' }): Markup {
  return markup`<table style="width:100%;border-collapse:collapse;margin:0 0 16px">
${head}<tbody>${rows.map((row) => markup`\n<tr>${row}</tr>`)}
</tbody>
</table>`;
}

type Sides = { readonly start: string; readonly end: string };

// E-mail programs know left and right, not start and end.
function sidesOf(direction: Letter['words']['direction']): Sides {
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
