import { Comment, CommentTag, type Context, type DocumentReflection } from 'typedoc';
import { pageName } from './documents.js';
import { report } from './report.js';
import { unionsIn } from './unionTables.js';
import { linkTo, text } from './words.js';

/** Shows each command as the tutorial or a guide writes it, with a link to that page; a test runs these pages. */
export function addCommandExamples({ project, logger }: Context): void {
  const pages = (project.documents ?? []).filter((page) =>
    /^(tutorial|guides)\//.test(pageName(project, page)),
  );
  const commands = [...unionsIn(project)].find(([{ name }]) => name === 'Command')?.[1] ?? [];
  for (const command of commands) {
    const found = pages.flatMap((page) => exampleIn(page, command.name).map((code) => ({ page, code })));
    // The longest shows most fields.
    const [best] = found.sort((one, other) => other.code.length - one.code.length);
    if (!best) {
      report(logger, `${command.name}: no guide has an example of it`);
      continue;
    }
    command.comment ??= new Comment();
    command.comment.blockTags.push(
      new CommentTag('@example', [
        text('From '),
        linkTo(best.page),
        text(':\n\n'),
        { kind: 'code', text: `\`\`\`ts\n${best.code}\n\`\`\`` },
      ]),
    );
  }
}

/** Returns the objects of a command's type in the code of a page. */
function exampleIn(page: DocumentReflection, type: string): string[] {
  return page.content.flatMap(({ kind, text }) => {
    if (kind !== 'code' || !text.startsWith('```ts')) return [];
    return [...text.matchAll(new RegExp(`\\{\\s*type: '${type}',`, 'g'))].map(({ index }) =>
      unindented(text.slice(index, endOfObject(text, index))),
    );
  });
}

function endOfObject(code: string, start: number): number {
  let depth = 0;
  for (let at = start; at < code.length; at += 1) {
    if (code[at] === '{') depth += 1;
    if (code[at] === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return code.length;
}

function unindented(code: string): string {
  const indent = /\n( *)\}$/.exec(code)?.[1] ?? '';
  return code.replaceAll(`\n${indent}`, '\n');
}
