import { type DeclarationReflection, type DefaultThemeRenderContext, JSX, ReflectionKind } from 'typedoc';
import { unionsIn } from './unionTables.js';
import { firstSentence } from './words.js';

/** The page of a union of this many types is a table that people read, e.g. of all commands: it is listed like a function. */
const UNION_MIN = 16;

const { createElement: tag } = JSX;

/** Returns whether an export is a type: what one calls stands before the types of its arguments and results. */
export function isType(one: DeclarationReflection): boolean {
  return targetOf(one).kindOf([ReflectionKind.TypeAlias, ReflectionKind.Interface]);
}

/** Returns the export itself, of one that several imports have. */
function targetOf(one: DeclarationReflection): DeclarationReflection {
  return one.isReference() ? (one.getTargetReflectionDeep() as DeclarationReflection) : one;
}

/** The page of an entry point: in each section what one calls, with one sentence each, and the names of its types folded. */
export function entryPage(context: DefaultThemeRenderContext, module: DeclarationReflection): JSX.Element {
  const unions = unionsIn(module.project);
  const { categories = [], children = [] } = module;
  const divided = new Set(categories.flatMap((section) => section.children));
  // An entry point that is a function's own source has no line "// Title" before it.
  const undivided = {
    title: '',
    description: undefined,
    children: children.filter((one) => !divided.has(one)),
  };
  const sections = [undivided, ...categories].filter((section) => section.children.length > 0);
  return tag(
    'div',
    { class: 'entry-page' },
    tag('div', { class: 'tsd-panel' }, context.commentSummary(module)),
    ...sections.map(({ title, description, children }) => {
      const members = children as DeclarationReflection[];
      const isTable = (one: DeclarationReflection) => (unions.get(one)?.length ?? 0) >= UNION_MIN;
      const types = members.filter((one) => isType(one) && !isTable(one));
      const rows = members.filter((one) => !types.includes(one));
      return tag(
        'section',
        null,
        ...(title === '' ? [] : [heading(context, title)]),
        ...(description ? [tag('div', { class: 'entry-about' }, context.displayParts(description))] : []),
        tag('dl', null, ...rows.map((one) => row(context, one))),
        ...(types.length === 0 ? [] : [folded(context, types, rows.length === 0)]),
      );
    }),
  );
}

function heading(context: DefaultThemeRenderContext, title: string): JSX.Element {
  const id = context.slugger.slug(title);
  context.page.pageHeadings.push({ link: `#${id}`, text: title });
  return tag('h2', { id }, title);
}

function row(context: DefaultThemeRenderContext, one: DeclarationReflection): JSX.Element {
  const { comment, signatures } = targetOf(one);
  const words = comment ?? signatures?.[0]?.comment;
  return tag(
    'div',
    null,
    tag('dt', { id: context.slugger.slug(one.name) }, link(context, one)),
    tag('dd', null, ...(words ? [context.displayParts(firstSentence(words))] : [])),
  );
}

function link(context: DefaultThemeRenderContext, one: DeclarationReflection): JSX.Element {
  return tag('a', { href: context.urlTo(targetOf(one)) }, one.name);
}

function folded(
  context: DefaultThemeRenderContext,
  types: readonly DeclarationReflection[],
  open: boolean,
): JSX.Element {
  return tag(
    'details',
    { open },
    tag('summary', null, types.length === 1 ? '1 type' : `${types.length} types`),
    tag(
      'ul',
      null,
      ...types.map((one) => tag('li', { id: context.slugger.slug(one.name) }, link(context, one))),
    ),
  );
}
