import { parse } from 'acorn';

/** What an example says of a statement after `//=>`. */
export type Claim = {
  /** The code between the statement and the end of the line with `//=>`. */
  readonly matched: string;
  /** The code of the error that the statement throws, after `throws`; undefined for a value. */
  readonly thrown: string | undefined;
  /** The expression of the value; a long one continues in the comment lines below. */
  readonly value: string;
  /** Where the claim ends in the code. */
  readonly end: number;
};

/** Returns the claim about the statement that ends at a place of the code. */
export function claimAfter(code: string, at: number): Claim | undefined {
  const match = /^[ \t]*;?[ \t]*(?:\n[ \t]*)?\/\/=>[ \t]*(.*)/.exec(code.slice(at));
  if (!match) return undefined;
  const [matched, firstLine = ''] = match;
  const thrown = /^throws (\w+)/.exec(firstLine)?.[1];
  let value = firstLine.trim();
  let end = at + matched.length;
  while (thrown === undefined && !isExpression(value)) {
    const next = /^\n[ \t]*\/\/(.*)/.exec(code.slice(end));
    if (!next) break;
    value += `\n${next[1]}`;
    end += next[0].length;
  }
  return { matched, thrown, value: withoutSemicolon(value), end };
}

function isExpression(text: string): boolean {
  try {
    parse(`void (${withoutSemicolon(text)})`, { ecmaVersion: 'latest' });
    return true;
  } catch {
    return false;
  }
}

function withoutSemicolon(text: string): string {
  return text.replace(/;$/, '');
}
