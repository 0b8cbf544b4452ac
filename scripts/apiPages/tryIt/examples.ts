import { type MarkdownEvent, Reflection } from 'typedoc';
import ts from 'typescript';
import type { BrowserExports } from './browserExports.js';

/** The examples of a page so far, which share their names; undefined once one of them cannot run in a browser. */
const sharedCode = new WeakMap<MarkdownEvent['page'], string | undefined>();

/**
 * Marks the examples that a browser can run, by what they import: `assets/try.js` gives each a button. The examples of a
 * guide continue each other, unless one is marked `alone`; those of comments are programs of their own.
 */
export function markExamples(event: MarkdownEvent, exports: BrowserExports): void {
  const { model } = event.page;
  const isComment = model instanceof Reflection && !model.isDocument() && !model.isProject();
  event.parsedText = event.parsedText.replace(
    /^( *)```ts(?: ([^\n]*))?\n([\s\S]*?)^ *```$/gm,
    (fence: string, indent: string, words: string | undefined, inner: string) => {
      const code = inner.replaceAll(new RegExp(`^ {0,${indent.length}}`, 'gm'), '').trimEnd();
      if (words?.includes('no-run')) return fence;
      const isAlone = isComment || words?.includes('alone');
      const before = isAlone ? '' : sharedCode.has(event.page) ? sharedCode.get(event.page) : '';
      const whole = before === undefined ? undefined : `${before}${code}\n`;
      const runs = whole !== undefined && runsInBrowser(whole, exports);
      if (!isAlone) sharedCode.set(event.page, runs || !importsAny(whole ?? '') ? whole : undefined);
      if (!runs) return fence;
      const data = `data-code="${escaped(code)}"${before ? ` data-before="${escaped(before)}"` : ''}`;
      return `${fence}\n\n${indent}<div class="try" ${data}></div>\n`;
    },
  );
}

/** Returns whether code imports something, and only what the browser's bundle has. */
export function runsInBrowser(code: string, exports: BrowserExports): boolean {
  const imports = importsOf(code);
  return imports.length > 0 && imports.every((one) => isInBundle(one, exports));
}

function importsAny(code: string): boolean {
  return importsOf(code).length > 0;
}

function importsOf(code: string): ts.ImportDeclaration[] {
  return ts
    .createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true)
    .statements.filter(ts.isImportDeclaration)
    .filter(({ importClause }) => !importClause?.isTypeOnly);
}

function isInBundle(
  { moduleSpecifier, importClause }: ts.ImportDeclaration,
  exports: BrowserExports,
): boolean {
  const values = ts.isStringLiteral(moduleSpecifier) ? exports.get(moduleSpecifier.text) : undefined;
  const named = importClause?.namedBindings;
  if (!values || !named || !ts.isNamedImports(named)) return false;
  // A name that is no value is a type.
  return named.elements.every(({ name, propertyName }) => values.get((propertyName ?? name).text) !== false);
}

/** An attribute without line breaks: an empty line would end the element in Markdown. */
function escaped(code: string): string {
  return code
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\n', '&#10;');
}
