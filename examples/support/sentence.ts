import { cut } from './table.js';

const WIDTH = 94;

/** Fields that are not printed, because they are the same in every step. */
const omitted = new Set(['type', 'at', 'by', 'currency', 'id']);

/** Formats a command, or the data of an event, as its name and its fields, with lines of limited width. */
export function sentence(kind: string, name: string, fields: object): string {
  const parts = Object.entries(fields).flatMap(([key, value]) =>
    omitted.has(key) ? [] : [`${key} ${written(value)}`],
  );
  const lines = [`  ${kind.padEnd(10)}${name}`];
  for (const part of parts) {
    const line = lines.at(-1) as string;
    const separator = lines.length === 1 && line.endsWith(name) ? '  ' : ', ';
    if (line.length + part.length + separator.length > WIDTH) {
      if (separator === ', ') lines.push(`${lines.pop()},`);
      lines.push(' '.repeat(14) + part);
    } else lines.push(`${lines.pop()}${separator}${part}`);
  }
  return lines.join('\n');
}

function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return cut(String(value), 44);
  return Object.values(value).map(written).join(' ');
}
