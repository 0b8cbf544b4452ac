import ts from 'typescript';
import type { CodeBlock } from './codeBlocks.js';

/** Code blocks that run as one module. */
export interface Program {
  /** Where the module is to be written, from the root of the repository. */
  readonly path: string;
  readonly blocks: readonly CodeBlock[];
  /** Has the line numbers of the file that the blocks come from, so that every message names the right line. */
  readonly text: string;
  /** False for what is only compiled. */
  readonly runs: boolean;
}

const CLAIM = /^[ \t]*;?[ \t]*(?:\n[ \t]*)?\/\/=>[ \t]*(.*)/;

/** The blocks of a page continue each other; what is marked `alone` or `no-run` is a module of its own. */
export function programsOf(blocks: readonly CodeBlock[]): Program[] {
  const separate = (block: CodeBlock) => block.words.includes('alone') || block.words.includes('no-run');
  const shared = blocks.filter((block) => !separate(block));
  const programs = blocks
    .filter(separate)
    .map((block) => programOf([block], `.blocks/${block.file}.${block.line}.ts`));
  const [first] = shared;
  return first ? [programOf(shared, `.blocks/${first.file}.ts`), ...programs] : programs;
}

/** The lines of a block that claim a value. */
export function claimedLines(block: CodeBlock): number[] {
  return block.code
    .split('\n')
    .flatMap((text, index) => (text.includes('//=>') ? [block.line + 1 + index] : []));
}

function programOf(blocks: readonly CodeBlock[], path: string): Program {
  const up = '../'.repeat(path.split('/').length - 1);
  const lines: string[] = [];
  const imported = new Set<string>();
  for (const block of blocks) {
    while (lines.length < block.line - 1) lines.push('');
    // The opening fence has a line to spare for the bookkeeping.
    const first = block === blocks[0];
    const claims = first ? `import * as $claims from '${up}test/support/documentation/claims.js'; ` : '';
    lines.push(`${claims}$claims.block(${block.line});`);
    lines.push(...instrument(block, imported).split('\n'));
  }
  const runs = !blocks.some(({ words }) => words.includes('no-run'));
  return { path, blocks, text: `${lines.join('\n')}\n`, runs };
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Turns every `expression; //=> value` into a call that checks it, without moving a line. */
function instrument(block: CodeBlock, imported: Set<string>): string {
  const source = ts.createSourceFile('block.ts', block.code, ts.ScriptTarget.ES2022, true);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    const edit = ts.isImportDeclaration(node) ? withoutRepeats(node, imported) : checked(node, block);
    if (edit) edits.push(edit);
    // What is inside a checked statement is part of its expression.
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return edits.reduceRight(
    (code, { start, end, text }) => code.slice(0, start) + text + code.slice(end),
    block.code,
  );
}

/** A page may import a name in each block that uses it; as one module it may do so only once. */
function withoutRepeats(node: ts.ImportDeclaration, imported: Set<string>): Edit | undefined {
  const named = node.importClause?.namedBindings;
  if (!named || !ts.isNamedImports(named)) return undefined;
  const fresh = named.elements.filter((element) => {
    const name = `${element.getText()} of ${node.moduleSpecifier.getText()}`;
    return !imported.has(name) && imported.add(name);
  });
  const newlines = '\n'.repeat(named.getText().split('\n').length - 1);
  const names = fresh.map((element) => element.getText()).join(', ');
  return { start: named.getStart(), end: named.end, text: `{ ${names}${newlines} }` };
}

function checked(node: ts.Node, block: CodeBlock): Edit | undefined {
  const expression = claimable(node);
  if (!expression) return undefined;
  const { code } = block;
  const match = CLAIM.exec(code.slice(node.end));
  if (!match) return undefined;
  const claimStart = node.end + match[0].indexOf('//=>');
  const line = block.line + 1 + newlinesIn(code.slice(0, claimStart));
  const gap = '\n'.repeat(newlinesIn(match[0]));
  const thrown = /^throws (\w+)/.exec(match[1] ?? '')?.[1];
  const awaits = /\bawait\b/.test(expression.getText());
  const { text: value, end } = valueAfter(code, node.end + match[0].length, match[1] ?? '');
  const statement = ts.isVariableStatement(node) ? `${node.getText()} ` : '';
  const actual = statement
    ? (expression.parent as ts.VariableDeclaration).name.getText()
    : expression.getText();
  let text = `$claims.claim(${line}, ${actual}, ${gap}(${value}));`;
  if (thrown) text = `$claims.claimThrows(${line}, '${thrown}', () => (${actual}));${gap}`;
  if (thrown && awaits)
    text = `await $claims.claimRejects(${line}, '${thrown}', async () => (${actual}));${gap}`;
  return { start: node.getStart(), end, text: statement + text };
}

/** What a claim on this statement is about: its expression, what it logs, or the variable it declares. */
function claimable(node: ts.Node): ts.Expression | undefined {
  if (ts.isVariableStatement(node)) {
    const [declaration, second] = node.declarationList.declarations;
    return second || !declaration || !ts.isIdentifier(declaration.name) ? undefined : declaration.initializer;
  }
  if (!ts.isExpressionStatement(node)) return undefined;
  const { expression } = node;
  const logs = ts.isCallExpression(expression) && expression.expression.getText() === 'console.log';
  return logs ? expression.arguments[0] : expression;
}

/** A value that does not end on its line goes on in the comment lines below. */
function valueAfter(code: string, start: number, firstLine: string): { text: string; end: number } {
  let text = firstLine.trim();
  let end = start;
  while (!isExpression(text)) {
    const next = /^\n[ \t]*\/\/(.*)/.exec(code.slice(end));
    if (!next) break;
    text += `\n${next[1]}`;
    end += next[0].length;
  }
  return { text: text.replace(/;$/, ''), end };
}

function isExpression(text: string): boolean {
  const { diagnostics } = ts.transpileModule(`void (${text.replace(/;$/, '')})`, { reportDiagnostics: true });
  return diagnostics?.length === 0;
}

const newlinesIn = (text: string) => text.split('\n').length - 1;
