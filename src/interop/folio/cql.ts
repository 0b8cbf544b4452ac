/** A query of CQL (Contextual Query Language), as far as FOLIO's clients send it. */
export type Cql =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or' | 'not'; readonly left: Cql; readonly right: Cql }
  | CqlTest;

/** One comparison: a field, a relation and a term. */
export type CqlTest = {
  readonly kind: 'test';
  readonly field: string;
  readonly relation: CqlRelation;
  /** The term; a `*` in it stands for any text, `\*` for itself. */
  readonly term: string;
};

const relations = ['==', '<>', '<=', '>=', '=', '<', '>'] as const;

/** How a field is compared. */
export type CqlRelation = (typeof relations)[number];

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
