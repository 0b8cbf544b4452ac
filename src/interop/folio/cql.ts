/** A query of CQL (Contextual Query Language), as far as FOLIO's clients send it. */
type Cql =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or' | 'not'; readonly left: Cql; readonly right: Cql }
  | CqlTest;

/** One comparison: a field, a relation and a term. */
type CqlTest = {
  readonly kind: 'test';
  readonly field: string;
  readonly relation: CqlRelation;
  /** The term; a `*` in it stands for any text, `\*` for itself. */
  readonly term: string;
};

const relations = ['==', '<>', '<=', '>=', '=', '<', '>'] as const;

/** How a field is compared. */
type CqlRelation = (typeof relations)[number];

/** A query, and by which fields the answer is sorted. */
export type ParsedCql = {
  readonly query: Cql;
  readonly sort: readonly { readonly field: string; readonly descending: boolean }[];
};

/** What is wrong with a query, and where: the character, from 1. */
export type CqlFault = { readonly position: number; readonly expected: string };

type Token = { readonly text: string; readonly at: number; readonly kind: 'sign' | 'word' | 'string' };

const pattern = /\s+|(==|<>|<=|>=|[=<>()/])|"((?:[^"\\]|\\.)*)"|([^\s"()=<>/]+)/gsuy;

const booleans: readonly string[] = ['and', 'or', 'not'];

/** Deeper parentheses are refused: no client sends any, and each would need the stack. */
const DEPTH_MAX = 40;

class Unreadable extends Error {
  constructor(readonly fault: CqlFault) {
    super(fault.expected);
  }
}

/**
 * Reads a query: comparisons with `==`, `=`, `<>`, `<`, `>`, `<=` and `>=`, joined by `and`, `or` and `not`, in
 * parentheses; several terms for one field, such as `id==(a or b)`; `cql.allRecords=1`; `sortby`.
 *
 * @param fields - the fields that may be named
 */
export function parseCql(text: string, fields: readonly string[]): ParsedCql | CqlFault {
  try {
    return new Reader(tokensOf(text), text.length + 1, fields).whole();
  } catch (error) {
    if (error instanceof Unreadable) return error.fault;
    throw error;
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex + 1;
    const found = pattern.exec(text);
    if (found === null)
      throw new Unreadable({ position: at, expected: text[at - 1] === '"' ? 'a closing "' : 'a field' });
    const [, sign, string, word] = found;
    if (sign !== undefined) tokens.push({ text: sign, at, kind: 'sign' });
    else if (string !== undefined) tokens.push({ text: string, at, kind: 'string' });
    else if (word !== undefined) tokens.push({ text: word, at, kind: 'word' });
  }
  return tokens;
}

/** Reads tokens from the first to the last. */
class Reader {
  private position = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly end: number,
    private readonly fields: readonly string[],
  ) {}

  whole(): ParsedCql {
    const query = this.either();
    const sort = this.keyword(['sortby']) === undefined ? [] : this.sortKeys();
    if (this.peek() !== undefined) this.fail(`${booleans.join(', ')} or the end`);
    return { query, sort };
  }

  /** Reads clauses that are joined: all joints have the same rank, from left to right. */
  private either(of?: Pick<CqlTest, 'field' | 'relation'>): Cql {
    let left = this.clause(of);
    for (;;) {
      const joint = this.keyword(booleans);
      if (joint === undefined) return left;
      left = { kind: joint as 'and' | 'or' | 'not', left, right: this.clause(of) };
    }
  }

  private clause(of?: Pick<CqlTest, 'field' | 'relation'>): Cql {
    if (this.sign('(')) return this.inParentheses(of);
    if (of !== undefined) return { kind: 'test', ...of, term: this.term() };
    const field = this.take('word', 'a field');
    const relation = relations.find((known) => this.sign(known));
    if (relation === undefined) return this.fail(`a relation: ${relations.join(' ')}`);
    if (field.text === 'cql.allRecords') {
      this.term();
      return { kind: 'all' };
    }
    const named = { field: this.known(field), relation };
    return this.sign('(') ? this.inParentheses(named) : { kind: 'test', ...named, term: this.term() };
  }

  private inParentheses(of?: Pick<CqlTest, 'field' | 'relation'>): Cql {
    this.depth += 1;
    if (this.depth > DEPTH_MAX) this.fail(`no more than ${DEPTH_MAX} parentheses in each other`);
    const inner = this.either(of);
    this.depth -= 1;
    if (!this.sign(')')) this.fail(`${booleans.join(', ')} or )`);
    return inner;
  }

  private sortKeys() {
    const keys: { field: string; descending: boolean }[] = [];
    while (this.peek() !== undefined) {
      const field = this.known(this.take('word', 'a field'));
      const order = this.sign('/')
        ? this.take('word', 'sort.descending').text.toLowerCase()
        : 'sort.ascending';
      if (order !== 'sort.ascending' && order !== 'sort.descending') {
        this.position -= 1;
        this.fail('sort.ascending or sort.descending');
      }
      keys.push({ field, descending: order === 'sort.descending' });
    }
    return keys.length === 0 ? this.fail('a field') : keys;
  }

  private known({ text, at }: Token): string {
    if (this.fields.includes(text)) return text;
    throw new Unreadable({ position: at, expected: `one of the fields ${this.fields.join(', ')}` });
  }

  private term(): string {
    const token = this.peek();
    if (token === undefined || token.kind === 'sign') return this.fail('a term');
    this.position += 1;
    return token.text;
  }

  private take(kind: Token['kind'], expected: string): Token {
    const token = this.peek();
    if (token?.kind !== kind) return this.fail(expected);
    this.position += 1;
    return token;
  }

  private sign(text: string): boolean {
    const token = this.peek();
    const isNext = token?.kind === 'sign' && token.text === text;
    if (isNext) this.position += 1;
    return isNext;
  }

  private keyword(words: readonly string[]): string | undefined {
    const token = this.peek();
    const word = token?.kind === 'word' ? token.text.toLowerCase() : '';
    if (!words.includes(word)) return undefined;
    this.position += 1;
    return word;
  }

  private peek(): Token | undefined {
    return this.tokens[this.position];
  }

  private fail(expected: string): never {
    throw new Unreadable({ position: this.peek()?.at ?? this.end, expected });
  }
}

/** A record of FOLIO, as JSON has it. */
export type FolioRecord = Readonly<Record<string, unknown>>;

/** Returns whether a record is one that a query asks for. Upper and lower case are the same, as in FOLIO. */
function cqlMatches(query: Cql, record: FolioRecord): boolean {
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
