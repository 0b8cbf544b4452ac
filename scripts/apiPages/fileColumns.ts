import {
  Comment,
  type CommentDisplayPart,
  CommentTag,
  type Context,
  type DeclarationReflection,
} from 'typedoc';
import ts from 'typescript';
import { exportsOf, linkTo, text } from './words.js';

/**
 * Lists the columns of a file on the page of the function that writes it and of the job that it is written from: those of
 * the list `columns` in its source, or those that its comment lists.
 */
export function addFileColumns(context: Context): void {
  const functions = exportsOf(context.project).filter(({ signatures }) => signatures !== undefined);
  const writers = new Map<
    DeclarationReflection,
    { file: ts.SourceFile; content: readonly CommentDisplayPart[] }
  >();
  for (const writer of functions.filter(({ name }) => /Csv$|^csv/.test(name))) {
    const file = context.getSymbolFromReflection(writer)?.declarations?.[0]?.getSourceFile();
    const names = file ? columnsIn(file).map((name) => `\`${name}\``) : [];
    const content = listedIn(writer) ?? [text(names.join(', '))];
    if (file && (names.length > 0 || listedIn(writer))) writers.set(writer, { file, content });
  }
  for (const reflection of functions.filter((one) => listedIn(one) === undefined)) {
    const file = context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile();
    for (const [writer, written] of writers) {
      const job = `run${writer.name.replace(/Csv$/, '')}`.toLowerCase();
      const isJob =
        /^run[A-Z]/.test(reflection.name) && (written.file === file || reflection.name.toLowerCase() === job);
      if (!isJob && reflection !== writer) continue;
      const columns = Comment.cloneDisplayParts(written.content);
      const content = isJob
        ? [text('Of the file that '), linkTo(writer), text(' writes: '), ...columns]
        : columns;
      for (const { comment } of reflection.signatures ?? [])
        comment?.blockTags.push(new CommentTag('@columns', content));
    }
  }
}

/** Returns the columns that the comment of a function lists. */
function listedIn({ signatures }: DeclarationReflection): CommentDisplayPart[] | undefined {
  return signatures?.[0]?.comment?.getTag('@columns')?.content;
}

/** Returns the names in a file's list `columns`: texts, lists that begin with a text, or objects with a `name`. */
function columnsIn(file: ts.SourceFile): string[] {
  const list = file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .find(({ name }) => ts.isIdentifier(name) && name.text === 'columns')?.initializer;
  const elements = list ? withoutTypes(list) : undefined;
  if (!elements || !ts.isArrayLiteralExpression(elements)) return [];
  return elements.elements.flatMap((element) => {
    const name = ts.isArrayLiteralExpression(element)
      ? element.elements[0]
      : ts.isObjectLiteralExpression(element)
        ? element.properties.filter(ts.isPropertyAssignment).find((one) => one.name.getText(file) === 'name')
            ?.initializer
        : element;
    return name && ts.isStringLiteral(name) ? [name.text] : [];
  });
}

function withoutTypes(expression: ts.Expression): ts.Expression {
  return ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression)
    ? withoutTypes(expression.expression)
    : expression;
}
