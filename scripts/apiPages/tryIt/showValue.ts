/** The width that a value must fit into to be on one line. */
const WIDTH = 76;

/** Returns a value as an example would write it: `{ type: 'accepted', events: [] }`, divided into lines if it is long. */
export function showValue(value: unknown, indent = '', parents: readonly unknown[] = []): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `[function ${value.name}]`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (parents.includes(value)) return '[itself]';
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Date) return `new Date(${quoted(value.toJSON())})`;
  const within = [...parents, value];
  const inner = `${indent}  `;
  const show = (part: unknown) => showValue(part, inner, within);
  if (value instanceof Map)
    return bracketed(
      'new Map([',
      [...value].map(([key, one]) => `[${show(key)}, ${show(one)}]`),
      '])',
      indent,
    );
  if (value instanceof Set) return bracketed('new Set([', [...value].map(show), '])', indent);
  if (Array.isArray(value)) return bracketed('[', value.map(show), ']', indent);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const shown = fields.map(
    ([name, field]) => `${/^[\w$]+$/.test(name) ? name : quoted(name)}: ${show(field)}`,
  );
  return bracketed('{ ', shown, ' }', indent);
}

/** Returns whether two values have the same content: fields in any order, those that are undefined left out. */
export function sameValue(one: unknown, other: unknown): boolean {
  return showValue(sorted(one)) === showValue(sorted(other));
}

function sorted(value: unknown, parents: readonly unknown[] = []): unknown {
  if (typeof value !== 'object' || value === null || parents.includes(value)) return value;
  const within = [...parents, value];
  if (Array.isArray(value)) return value.map((part) => sorted(part, within));
  if (value instanceof Map || value instanceof Set || value instanceof Date || value instanceof Error)
    return value;
  const fields = Object.entries(value).map(([name, field]) => [name, sorted(field, within)] as const);
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function bracketed(open: string, parts: readonly string[], close: string, indent: string): string {
  if (parts.length === 0) return `${open.trim()}${close.trim()}`;
  const line = `${open}${parts.join(', ')}${close}`;
  if (indent.length + line.length <= WIDTH && !line.includes('\n')) return line;
  const lines = parts.map((part) => `\n${indent}  ${part},`).join('');
  return `${open.trim()}${lines}\n${indent}${close.trim()}`;
}

function quoted(text: string): string {
  return text.includes("'") || /[\n\\]/.test(text) ? JSON.stringify(text) : `'${text}'`;
}
