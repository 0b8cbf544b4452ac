import { resolve } from 'node:path';
import {
  type CommentDisplayPart,
  type Context,
  type DeclarationReflection,
  DocumentReflection,
  type NormalizedPath,
  type Reflection,
} from 'typedoc';
import { pageName } from './documents.js';
import { report } from './report.js';
import { exportsOf, linkTo, listOf, text } from './words.js';

/** The page of the index, as if it were a file under docs. */
const PATH = 'docs/reference/error-codes.md';

/** Adds a page with every code of `ErrorCode`: what it means, and the functions whose `@throws` names it. */
export function addErrorCodes({ project, logger }: Context): void {
  const codes = exportsOf(project).find(({ name }) => name === 'ErrorCode');
  const meanings = new Map(
    [...textOf(codes?.comment?.summary).matchAll(/^- `([A-Z_]+)`: ([\s\S]*?)(?=\n- `|$(?![\s\S]))/gm)].map(
      ([, code = '', meaning = '']) => [code, meaning.replace(/\s*\n\s*/g, ' ').trim()],
    ),
  );
  const values =
    codes?.type?.type === 'union' ? codes.type.types.map((type) => JSON.parse(String(type))) : [];
  for (const code of values) {
    if (!meanings.has(code)) report(logger, `ErrorCode: "${code}" has no line in the comment`);
  }
  const exported = exportsOf(project).filter((one) => one !== codes);
  const concept = project.documents?.find(
    (page) => pageName(project, page) === 'concepts/rejections-and-errors',
  );
  const content = [text(INTRODUCTION), ...(concept ? [text(' See '), linkTo(concept), text('.')] : [])];
  for (const [code, meaning] of meanings) {
    content.push(text(`\n\n## ${code}\n\n${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}`));
    const functions = exported.filter((one) => throwsOf(one).includes(`\`${code}\``));
    // What stores throw is in the descriptions of their options and methods.
    const places = functions.length > 0 ? functions : exported.filter((one) => wordsOf(one).includes(code));
    if (places.length === 0) report(logger, `${code}: no description names it`);
    content.push(text(functions.length > 0 ? '\n\nThrown by: ' : '\n\nDescribed in: '));
    content.push(...listOf(places.sort((one, other) => (one.name < other.name ? -1 : 1))));
    content.push(text('.'));
  }
  const page = new DocumentReflection('Error codes', project, content, {
    words: 'error codes, exceptions, what is thrown, PatronFeesError',
  });
  project.addChild(page);
  project.registerReflection(page, undefined, resolve(PATH) as NormalizedPath);
}

const INTRODUCTION = `# Error codes

Every error that this library throws is a \`PatronFeesError\` with one of these codes in \`code\`. A refused command throws
nothing: its reason is a \`Rejection\`. The functions below each code are those whose description names it.`;

/** Returns what the `@throws` of a function say. */
function throwsOf({ comment, signatures = [] }: DeclarationReflection): string {
  const comments = [comment, ...signatures.map((signature) => signature.comment)];
  return textOf(comments.flatMap((one) => one?.getTags('@throws') ?? []).flatMap(({ content }) => content));
}

/** Returns all comments of an export and its members. */
function wordsOf(one: DeclarationReflection): string {
  const parts = (reflection: Reflection): string => {
    const { comment } = reflection;
    let words = textOf([
      ...(comment?.summary ?? []),
      ...(comment?.blockTags ?? []).flatMap((tag) => tag.content),
    ]);
    reflection.traverse((child) => {
      words += parts(child);
    });
    return words;
  };
  return parts(one);
}

function textOf(parts: readonly CommentDisplayPart[] = []): string {
  return parts.map((part) => part.text).join('');
}
