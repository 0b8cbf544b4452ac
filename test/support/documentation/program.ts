import ts from 'typescript';
import { claimAfter } from '../../../scripts/apiPages/claim.js';
import type { CodeBlock } from './codeBlocks.js';

/** Code blocks that run as one module. */
export interface Program {
  /** The path of the module in the repository. */
  readonly path: string;
  readonly blocks: readonly CodeBlock[];
  /** The code, with the line numbers of the original file, so that messages name the right line. */
  readonly text: string;
  /** False if the code is only compiled. */
  readonly runs: boolean;
}

/** Returns the programs of a page: its blocks form one module; a block marked `alone` or `no-run` is a separate one. */
export function programsOf(blocks: readonly CodeBlock[]): Program[] {
  const separate = (block: CodeBlock) => block.words.includes('alone') || block.words.includes('no-run');
  const shared = blocks.filter((block) => !separate(block));
  const programs = blocks
    .filter(separate)
    .map((block) => programOf([block], `.blocks/${block.file}.${block.line}.ts`));
  const [first] = shared;
  return first ? [programOf(shared, `.blocks/${first.file}.ts`), ...programs] : programs;
}

/** Returns the lines of a block that have a claim. */
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
    // The line of the opening fence is free for imports.
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

/** Converts every `expression; //=> value` to a call that checks it, and keeps the line numbers. */
function instrument(block: CodeBlock, imported: Set<string>): string {
  const source = ts.createSourceFile('block.ts', block.code, ts.ScriptTarget.ES2022, true);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    const edit = ts.isImportDeclaration(node) ? withoutRepeats(node, imported) : checked(node, block);
    if (edit) edits.push(edit);
    // A checked statement is not searched further.
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return edits.reduceRight(
    (code, { start, end, text }) => code.slice(0, start) + text + code.slice(end),
    block.code,
  );
}

/** Removes repeated imports: each block may import a name, but a module only once. */
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
  const claim = claimAfter(code, node.end);
  if (!claim) return undefined;
  const { matched, thrown, value, end } = claim;
  const claimStart = node.end + matched.indexOf('//=>');
  const line = block.line + 1 + newlinesIn(code.slice(0, claimStart));
  const gap = '\n'.repeat(newlinesIn(matched));
  const awaits = /\bawait\b/.test(expression.getText());
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

/** Returns the expression that a claim checks: the statement's, the logged one, or the declared variable. */
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

const newlinesIn = (text: string) => text.split('\n').length - 1;
