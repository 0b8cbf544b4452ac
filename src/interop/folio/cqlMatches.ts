import type { Cql, CqlTest, ParsedCql } from './cql.js';

/** A record of FOLIO, as JSON has it. */
export type FolioRecord = Readonly<Record<string, unknown>>;

/** Returns whether a record is one that a query asks for. Upper and lower case are the same, as in FOLIO. */
export function cqlMatches(query: Cql, record: FolioRecord): boolean {
  switch (query.kind) {
    case 'all':
      return true;
    case 'and':
      return cqlMatches(query.left, record) && cqlMatches(query.right, record);
    case 'or':
      return cqlMatches(query.left, record) || cqlMatches(query.right, record);
    case 'not':
      return cqlMatches(query.left, record) && !cqlMatches(query.right, record);
    case 'test':
      return fits(fieldOf(record, query.field), query);
  }
}

/** Returns the records that a query asks for, in its order. */
export function cqlSelect<Row extends FolioRecord>(
  { query, sort }: ParsedCql,
  records: readonly Row[],
): readonly Row[] {
  const found = records.filter((record) => cqlMatches(query, record));
  if (sort.length === 0) return found;
  return found.sort((a, b) => {
    for (const { field, descending } of sort) {
      const order = compared(fieldOf(a, field), fieldOf(b, field));
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
}

/**
 * Returns the values of a field that any record of the answer has one of; undefined if the query says none, so that
 * the answer may have any.
 */
export function cqlValues(query: Cql, field: string): readonly string[] | undefined {
  if (query.kind === 'test') {
    const isValue = query.field === field && (query.relation === '==' || query.relation === '=');
    return isValue && !query.term.includes('*') ? [plain(query.term)] : undefined;
  }
  if (query.kind === 'all') return undefined;
  const left = cqlValues(query.left, field);
  if (query.kind === 'not') return left;
  const right = cqlValues(query.right, field);
  if (query.kind === 'and') return left ?? right;
  return left === undefined || right === undefined ? undefined : [...left, ...right];
}

/** Returns every term that a query compares a field with. */
export function cqlTerms(query: Cql, field: string): readonly string[] {
  if (query.kind === 'all') return [];
  if (query.kind !== 'test') return [...cqlTerms(query.left, field), ...cqlTerms(query.right, field)];
  return query.field === field && !query.term.includes('*') ? [plain(query.term)] : [];
}

function fieldOf(record: FolioRecord, path: string): unknown {
  return path.split('.').reduce((value: unknown, name) => {
    const isRecord = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return isRecord ? (value as FolioRecord)[name] : undefined;
  }, record);
}

/** A record without the field fits no relation. */
function fits(value: unknown, { relation, term }: CqlTest): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'number' && Number.isNaN(Number(term))) return false;
  const isSame = typeof value === 'number' ? value === Number(term) : fitsText(String(value), relation, term);
  if (relation === '==' || relation === '=') return isSame;
  if (relation === '<>') return !isSame;
  const order = compared(value, typeof value === 'number' ? Number(term) : plain(term));
  if (relation === '<') return order < 0;
  if (relation === '>') return order > 0;
  return relation === '<=' ? order <= 0 : order >= 0;
}

/** `==` and `<>` are about the whole text, `=` about words of it that follow each other. */
function fitsText(value: string, relation: CqlTest['relation'], term: string): boolean {
  const text = value.toLowerCase();
  const parts = partsOf(term);
  if (relation !== '=') return fitsParts(text, parts);
  const words = (some: string) => some.split(/\s+/).filter((word) => word !== '');
  if (parts.length > 1) return [text, ...words(text)].some((some) => fitsParts(some, parts));
  return ` ${words(text).join(' ')} `.includes(` ${words(parts[0] as string).join(' ')} `) || parts[0] === '';
}

/** Returns the texts between the `*` of a term, in lower case. */
function partsOf(term: string): readonly string[] {
  const parts = [''];
  for (const [piece] of term.matchAll(/\\.|\*|[^\\*]+|\\/gsu)) {
    if (piece === '*') parts.push('');
    else parts.push(`${parts.pop()}${plain(piece).toLowerCase()}`);
  }
  return parts;
}

/** Returns a term without the signs that escape others. */
function plain(term: string): string {
  return term.replace(/\\(.)/gsu, '$1');
}

/** Returns whether a text has some parts one after the other, the first at its start, the last at its end. */
function fitsParts(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

function compared(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  const [left, right] = [a, b].map((value) => String(value ?? '').toLowerCase()) as [string, string];
  return left < right ? -1 : left > right ? 1 : 0;
}
