import {
  Comment,
  CommentTag,
  type Context,
  type DeclarationReflection,
  type ProjectReflection,
  ReflectionKind,
} from 'typedoc';
import { report } from './report.js';
import { text } from './words.js';

/** Returns whether callers create values of a type: then the page must state its defaults. */
const isInput = ({ name }: DeclarationReflection) => /(Options|Form|Input|Filter)$/.test(name);

/** Shows the default of each optional property, from its `@defaultValue` or from its text: "...; 20 if left out." */
export function showDefaults({ project, logger }: Context): void {
  for (const property of optionalProperties(project)) {
    const tag = property.comment?.getTag('@defaultValue');
    if (!tag) moveDefault(property);
    else if (/^(true|false|\d+)$/.test(Comment.combineDisplayParts(tag.content).trim()))
      tag.content = [{ kind: 'code', text: `\`${Comment.combineDisplayParts(tag.content).trim()}\`` }];
  }
  for (const type of project.getReflectionsByKind(ReflectionKind.TypeAlias)) {
    if (!type.isDeclaration() || !isInput(type)) continue;
    for (const property of type.children ?? []) {
      if (!property.flags.isOptional || property.comment?.getTag('@defaultValue')) continue;
      report(logger, `${type.name}.${property.name}: the default is missing (@defaultValue)`);
    }
  }
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
