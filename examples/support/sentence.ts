import { cut } from './table.js';

const WIDTH = 94;

/** Fields that say when, by whom and in which currency: the same throughout the story, so they are not repeated. */
const understood = new Set(['type', 'at', 'by', 'currency', 'id']);

/** Writes a command, or the data of an event, as its name and its fields, wrapped under each other. */
export function sentence(verb: string, name: string, fields: object): string {
  const parts = Object.entries(fields).flatMap(([key, value]) =>
    understood.has(key) ? [] : [`${key} ${written(value)}`],
  );
  const lines = [`  ${verb.padEnd(10)}${name}`];
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
