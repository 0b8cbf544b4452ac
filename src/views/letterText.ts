import { type Letter, type Line, type Part, piecesOf, type Row } from './letter.js';
import { isolatedText } from './shownText.js';

/**
 * Writes a letter as plain text: lines, each ended by `\n`. Parts are separated by empty lines, except that a heading
 * is directly above its part.
 */
export function letterText({ words, issuer, heading, parts }: Letter): string {
  const text = (line: Line) =>
    piecesOf(line)
      .map((piece) => (typeof piece === 'object' ? isolatedText(piece.free, words.direction) : piece))
      .join('');
  const blocks: (readonly string[])[] = [issuer.map((line) => text({ free: line })), [text(heading)]];
  for (const [index, part] of parts.entries()) {
    const before = parts[index - 1]?.kind;
    const isHeaded = before === 'heading' ? part.kind !== 'heading' : index === 0 && part.kind === 'entries';
    const above = isHeaded ? (blocks.pop() as readonly string[]) : [];
    blocks.push([...above, ...linesOf(part, text)]);
  }
  const shown = blocks.filter((lines) => lines.length > 0);
  return `${shown.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function linesOf(part: Part, text: (line: Line) => string): readonly string[] {
  switch (part.kind) {
    case 'heading':
    case 'paragraph':
      return [text(part.text)];
    case 'entries':
      return part.entries.map(([label, line]) => `${label}: ${text(line)}`);
    case 'amounts':
      return part.amounts.map(([label, amount]) => `${label}: ${amount}`);
    case 'table': {
      const { columns, rows, sum } = part;
      const lines = rows.map((row) => rowText(row, columns, text));
      return sum === undefined ? lines : [...lines, `${sum[0]}: ${sum[1]}`];
    }
  }
}

function rowText(
  { head, details = [], cells, alert = '' }: Row,
  columns: readonly string[],
  text: (line: Line) => string,
): string {
  const named = cells.map((cell, index) => (cell === '' ? '' : `${columns[index + 1]} ${cell}`));
  const all = [text(head), ...details.map(text), ...named, alert];
  return `- ${all.filter((one) => one !== '').join('; ')}`;
}
