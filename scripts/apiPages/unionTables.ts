import {
  Comment,
  type Context,
  type DeclarationReflection,
  type ProjectReflection,
  ReflectionKind,
} from 'typedoc';
import { firstSentence, linkTo, text } from './words.js';

/** Adds a table of members to the page of each union of named types, with the first sentence of each comment. */
export function addUnionTables({ project }: Context): void {
  for (const [union, members] of unionsIn(project)) {
    union.comment ??= new Comment();
    union.comment.summary.push(text('\n\n| member | what it is |\n|---|---|\n'));
    for (const member of members) {
      const sentence = member.comment ? firstSentence(member.comment) : [];
      union.comment.summary.push(text('| '), linkTo(member), text(' | '), ...sentence, text(' |\n'));
    }
  }
}

/** Returns the unions whose members all have their own page. */
export function unionsIn(project: ProjectReflection): Map<DeclarationReflection, DeclarationReflection[]> {
  const unions = new Map<DeclarationReflection, DeclarationReflection[]>();
  for (const alias of project.getReflectionsByKind(ReflectionKind.TypeAlias)) {
    if (!alias.isDeclaration() || alias.type?.type !== 'union') continue;
    const members = alias.type.types.map((type) => (type.type === 'reference' ? type.reflection : undefined));
    const own = members.filter((member) => member !== undefined).filter((member) => member.isDeclaration());
    if (own.length === members.length) unions.set(alias, own);
  }
  return unions;
}
