import {
  type Comment,
  type CommentDisplayPart,
  type DeclarationReflection,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
} from 'typedoc';

/** Returns a link to a page. */
export function linkTo(target: Reflection, text = target.name): CommentDisplayPart {
  return { kind: 'inline-tag', tag: '@link', target, text };
}

export function text(words: string): CommentDisplayPart {
  return { kind: 'text', text: words };
}

/** Returns links, separated by commas. */
export function listOf(targets: readonly Reflection[]): CommentDisplayPart[] {
  return targets.flatMap((target, index) => (index === 0 ? [linkTo(target)] : [text(', '), linkTo(target)]));
}

/** Returns the pages that a text links to. */
export function targetsIn(parts: readonly CommentDisplayPart[] = []): Reflection[] {
  return parts.flatMap((part) =>
    part.kind === 'inline-tag' && typeof part.target === 'object' && 'name' in part.target
      ? [part.target as Reflection]
      : [],
  );
}

/** Returns the first sentence of a comment, on one line. */
export function firstSentence({ summary }: Comment): CommentDisplayPart[] {
  const sentence: CommentDisplayPart[] = [];
  for (const part of summary) {
    const end = part.kind === 'text' ? part.text.search(/(?<!\b(?:e\.g|i\.e))\.(?=\s|$)|\n\n/) : -1;
    const words = end < 0 ? part.text : part.text.slice(0, end + 1);
    sentence.push({ ...part, text: words.replace(/\s*\n\s*/g, ' ') });
    if (end >= 0) break;
  }
  return sentence;
}

/** Returns all exports that have their own page. */
export function exportsOf(project: ProjectReflection): DeclarationReflection[] {
  return project
    .getReflectionsByKind(ReflectionKind.SomeExport)
    .flatMap((reflection) =>
      reflection.isDeclaration() && reflection.parent?.kind === ReflectionKind.Module ? [reflection] : [],
    );
}
