import {
  Comment,
  CommentTag,
  type Context,
  type DeclarationReflection,
  type ProjectReflection,
  ReflectionKind,
} from 'typedoc';
import { report } from './report.js';
import { unionsIn } from './unionTables.js';
import { text } from './words.js';

/** Shows the default of each optional property, from its `@defaultValue` or from its text: "...; 20 if left out." */
export function showDefaults({ project }: Context): void {
  for (const property of optionalProperties(project)) {
    const tag = property.comment?.getTag('@defaultValue');
    if (!tag) moveDefault(property);
    else if (/^(true|false|\d+)$/.test(Comment.combineDisplayParts(tag.content).trim()))
      tag.content = [{ kind: 'code', text: `\`${Comment.combineDisplayParts(tag.content).trim()}\`` }];
  }
}

/** Reports options without a default, in types that callers create: options, forms, inputs, filters and commands. */
export function checkDefaults({ project, logger }: Context): void {
  const commands = [...unionsIn(project)].find(([{ name }]) => name === 'Command')?.[1] ?? [];
  for (const type of project.getReflectionsByKind(ReflectionKind.TypeAlias)) {
    if (!type.isDeclaration()) continue;
    if (!/(Options|Form|Input|Filter)$/.test(type.name) && !commands.includes(type)) continue;
    for (const property of propertiesShown(type)) {
      if (!property.flags.isOptional || property.comment?.getTag('@defaultValue')) continue;
      report(logger, `${type.name}.${property.name}: the default is missing (@defaultValue)`);
    }
  }
}

/** Returns the properties on the page of a type, those of `{ ... } & Other` too. */
function propertiesShown({ children, type }: DeclarationReflection): readonly DeclarationReflection[] {
  if (children) return children;
  const parts = type?.type === 'intersection' ? type.types : [];
  return parts.flatMap((part) => (part.type === 'reflection' ? (part.declaration.children ?? []) : []));
}

function optionalProperties(project: ProjectReflection): DeclarationReflection[] {
  return project
    .getReflectionsByKind(ReflectionKind.Property)
    .flatMap((property) => (property.isDeclaration() && property.flags.isOptional ? [property] : []));
}

/** Moves "; 20 if left out." from the end of a sentence to a tag; copies such a default from within a sentence. */
function moveDefault({ comment }: DeclarationReflection): void {
  if (!comment || comment.summary.some(({ kind }) => kind !== 'text' && kind !== 'code')) return;
  const words = Comment.combineDisplayParts(comment.summary).replace(/\s*\n(?!\n)\s*/g, ' ');
  const atEnd = /; ((?:[^;.`]|`[^`]*`)*?) if left out\.(?=\s|$)/.exec(words);
  const [, value] = atEnd ?? /(?:^|[;:.] )((?:[^;:.`]|`[^`]*`)*?),? if left out\b/.exec(words) ?? [];
  if (!value) return;
  if (atEnd) comment.summary = [text(words.replace(atEnd[0], '.'))];
  comment.blockTags.push(new CommentTag('@defaultValue', [text(value)]));
}
