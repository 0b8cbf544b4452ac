import { type Node, parse } from 'acorn';
import { transform } from 'sucrase';
import { claimAfter } from '../claim.js';
import { sameValue, showValue } from './showValue.js';

/** What the page shows of a run, in the order in which it happens. */
export type Outcome =
  | {
      readonly kind: 'result';
      /** The line of the example, from 1. */
      readonly line: number;
      /** The expression. */
      readonly source: string;
      /** Its value. */
      readonly shown: string;
      /** The value that the example names after `//=>`, if it is another one. */
      readonly expected?: string;
    }
  | { readonly kind: 'log'; readonly shown: string }
  | { readonly kind: 'error'; readonly line?: number; readonly message: string }
  | { readonly kind: 'done'; readonly asDocumented: number; readonly otherwise: number };

/** The modules that an example can import, by name. */
export type Modules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The number of outcomes that a page can show. */
const OUTCOMES_MAX = 500;

type Edit = { readonly at: number; readonly end: number; readonly text: string };

const AsyncFunction = (async () => undefined).constructor as new (
  ...words: string[]
) => (...values: unknown[]) => Promise<unknown>;

/**
 * Runs an example and reports its results, what it prints, and the error that ends it.
 *
 * @param code - TypeScript; its types are not checked
 * @param before - the examples above it, which are run first and not shown
 */
export async function runExample(
  code: string,
  before: string,
  modules: Modules,
  report: (outcome: Outcome) => void,
): Promise<void> {
  const above = before.split('\n').length - 1;
  let line = 0;
  let count = 0;
  let asDocumented = 0;
  let otherwise = 0;
  const show = (outcome: Outcome) => {
    count += 1;
    if (count <= OUTCOMES_MAX) report(outcome);
    if (count === OUTCOMES_MAX)
      report({ kind: 'log', shown: `Not more than ${OUTCOMES_MAX} lines are shown.` });
  };
  const result = (at: number, source: string, value: unknown, expected?: () => unknown): void => {
    if (at <= above) return;
    const differs = expected !== undefined && !sameValue(value, expected());
    if (!expected && value === undefined) return;
    if (differs) otherwise += 1;
    else if (expected) asDocumented += 1;
    show({
      kind: 'result',
      line: at - above,
      source,
      shown: showValue(value),
      ...(differs ? { expected: showValue(expected()) } : {}),
    });
  };
  const thrown = (at: number, source: string, code: string, error: unknown): void => {
    if (at <= above) return;
    const own = codeOf(error);
    if (own === code) asDocumented += 1;
    else otherwise += 1;
    const shown = error === undefined ? 'nothing was thrown' : sentence(error);
    show({
      kind: 'result',
      line: at - above,
      source,
      shown,
      ...(own === code ? {} : { expected: `throws ${code}` }),
    });
  };
  const log = (...values: unknown[]) => {
    if (line > above)
      show({
        kind: 'log',
        shown: values.map((one) => (typeof one === 'string' ? one : showValue(one))).join(' '),
      });
  };
  const own = {
    $at: (at: number) => {
      line = at;
    },
    $result: result,
    $throws: (at: number, source: string, code: string, evaluate: () => unknown) => {
      try {
        evaluate();
      } catch (error) {
        return thrown(at, source, code, error);
      }
      return thrown(at, source, code, undefined);
    },
    $rejects: async (at: number, source: string, code: string, evaluate: () => Promise<unknown>) =>
      thrown(
        at,
        source,
        code,
        await evaluate().then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    console: { log, info: log, warn: log, error: log, table: log, debug: log },
    $require: (name: string) => moduleOf(name, modules),
  };
  try {
    const program = new AsyncFunction(...Object.keys(own), `'use strict';${instrument(before + code)}`);
    await program(...Object.values(own));
    report({ kind: 'done', asDocumented, otherwise });
  } catch (error) {
    const at = lineOfSyntaxError(error) ?? line;
    report({ kind: 'error', ...(at > above ? { line: at - above } : {}), message: sentence(error) });
  }
}

function moduleOf(name: string, modules: Modules): Readonly<Record<string, unknown>> {
  const found = modules[name];
  if (!found)
    throw new Error(`This page has no module "${name}": it has ${Object.keys(modules).join(', ')}.`);
  return new Proxy(found, {
    get: (target, key) => {
      if (typeof key === 'string' && !(key in target))
        throw new Error(`"${key}" is not in ${name}, or it needs Node.`);
      return target[key as string];
    },
  });
}

/** Returns a thrown value as a sentence, with its code. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return `Thrown: ${showValue(error)}`;
  const message = error.message.replace(/^Error transforming .*?: /, '').replace(/ \(\d+:\d+\)$/, '');
  const code = codeOf(error);
  if (code !== undefined && !message.includes(code)) return `${code}: ${message}`;
  return code === undefined && error.name !== 'Error' ? `${error.name}: ${message}` : message;
}

function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function lineOfSyntaxError(error: unknown): number | undefined {
  const found = error instanceof SyntaxError ? / \((\d+):\d+\)$/.exec(error.message)?.[1] : undefined;
  return found === undefined ? undefined : Number(found);
}

/** Replaces imports by declarations that may be repeated, because each example of a guide names what it imports. */
function withoutImports(code: string): string {
  return code
    .replace(/^;import\s*(\{[^}]*\})\s*from\s*(['"][^'"]*['"])/gm, (_, names: string, module: string) => {
      return `var ${names.replace(/\s+as\s+/g, ': ')} = $require(${module})`;
    })
    .replace(/^;import\s*\*\s*as\s+(\w+)\s+from\s*(['"][^'"]*['"])/gm, 'var $1 = $require($2)');
}

/** Converts TypeScript to a function's body that calls `$result` for each value; lines stay as they are. */
export function instrument(code: string): string {
  // Removing a statement, sucrase removes the comment before it too: a claim, perhaps.
  const kept = code.replace(/^(?=(?:import|(?:declare|type|interface)\s+\w+)\b)/gm, ';');
  const plain = withoutImports(
    transform(kept, { transforms: ['typescript'], disableESTransforms: true }).code,
  );
  const edits: Edit[] = [];
  const program = parse(plain, { ecmaVersion: 'latest', allowAwaitOutsideFunction: true, locations: true });
  const lineAt = (at: number) => plain.slice(0, at).split('\n').length;
  for (const statement of program.body) {
    if ('directive' in statement) continue;
    edits.push({ at: statement.start, end: statement.start, text: `$at(${lineAt(statement.start)});` });
  }
  const topLevel = new Set<Node>(program.body);
  walk(program, (node) => {
    const edit = shownValue(node as Statement, plain, lineAt, topLevel.has(node));
    if (edit) edits.push(edit);
    return edit === undefined;
  });
  // Of edits at the same place, `$at` was first.
  return edits
    .map((edit, index) => ({ ...edit, index }))
    .sort((one, other) => other.at - one.at || other.index - one.index)
    .reduce((text, { at, end, text: own }) => text.slice(0, at) + own + text.slice(end), plain);
}

type Expression = Node & { readonly callee?: Node; readonly arguments?: readonly Node[] };
type Statement = Node & {
  readonly expression?: Expression;
  readonly declarations?: readonly { readonly id: Node; readonly init?: Node | null }[];
};

function shownValue(
  node: Statement,
  code: string,
  lineAt: (at: number) => number,
  isTopLevel: boolean,
): Edit | undefined {
  const textOf = (part: Node) => code.slice(part.start, part.end);
  const expression = shownExpression(node, textOf);
  if (!expression || 'directive' in node) return undefined;
  const claim = claimAfter(code, node.end);
  const at = lineAt(expression.start);
  const isDeclared = node.type === 'VariableDeclaration';
  const value = textOf(isDeclared ? (node.declarations?.[0]?.id ?? expression) : expression);
  const source = JSON.stringify(sourceOf(value));
  if (!claim) {
    const isBare = isTopLevel && !isDeclared && !/^(?:Assignment|Update)/.test(expression.type);
    // What a statement prints is its own result.
    if (!isBare || expression !== node.expression) return undefined;
    return { at: node.start, end: node.end, text: `$result(${at}, ${source}, (${value}));` };
  }
  const { matched, thrown, value: expected, end } = claim;
  const statement = isDeclared ? `${textOf(node)} ` : '';
  if (thrown !== undefined) {
    const isAsync = /\bawait\b/.test(value);
    const call = isAsync ? 'await $rejects' : '$throws';
    const text = `${statement}${call}(${at}, ${source}, '${thrown}', ${isAsync ? 'async ' : ''}() => (${value}));`;
    return { at: node.start, end, text: text + linesOf(matched) };
  }
  const text = `${statement}$result(${at}, ${source}, (${value}), () => (${expected}));`;
  return { at: node.start, end, text: text + linesOf(matched) };
}

/** Returns the expression whose value is shown: the statement's, the logged one, or that of the declared variable. */
function shownExpression(node: Statement, textOf: (part: Node) => string): Expression | undefined {
  if (node.type === 'VariableDeclaration') {
    const [declared, second] = node.declarations ?? [];
    return second || declared?.id.type !== 'Identifier' ? undefined : (declared.init ?? undefined);
  }
  const { expression } = node;
  if (node.type !== 'ExpressionStatement' || !expression) return undefined;
  const logs = expression.callee !== undefined && textOf(expression.callee) === 'console.log';
  return logs ? expression.arguments?.[0] : expression;
}

/** Returns an expression on one line. */
function sourceOf(expression: string): string {
  const text = expression.replace(/\s+/g, ' ').trim();
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function linesOf(text: string): string {
  return '\n'.repeat(text.split('\n').length - 1);
}

function walk(node: Node, enter: (node: Node) => boolean): void {
  if (!enter(node)) return;
  for (const value of Object.values(node)) {
    for (const part of Array.isArray(value) ? value : [value])
      if (typeof part === 'object' && part !== null && typeof part.type === 'string') walk(part, enter);
  }
}
