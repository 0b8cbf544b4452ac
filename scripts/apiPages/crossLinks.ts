import {
  Comment,
  CommentTag,
  type Context,
  type DeclarationReflection,
  type DocumentReflection,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
  type TagString,
} from 'typedoc';
import { pageName } from './documents.js';
import { report } from './report.js';
import { partsOf, termsOf } from './search/findPages.js';
import { unionsIn } from './unionTables.js';
import { exportsOf, linkTo, listOf, targetsIn } from './words.js';

/** The maximum number of guides that a page links to. */
const GUIDES_MAX = 4;

/**
 * Links commands, events and rejections with each other and with the guides that use them: an event's page lists the
 * commands that cause it (from their `@events`), a rejection's page the commands that it rejects.
 */
export function addCrossLinks(context: Context): void {
  const { project } = context;
  const unions = new Map([...unionsIn(project)].map(([{ name }, members]) => [name, members]));
  const commands = unions.get('Command') ?? [];
  const events = unions.get('AccountEvent') ?? [];
  const eventsTag = (cause: DeclarationReflection) =>
    (cause.comment ?? cause.signatures?.[0]?.comment)?.getTag('@events');
  // Functions that write several accounts cause events without a command.
  const functions = exportsOf(project).filter((one) => one.signatures !== undefined && eventsTag(one));
  const causes = inverse([...commands, ...functions], (cause) => targetsIn(eventsTag(cause)?.content));
  const refusals = inverse(commands, (command) => targetsIn(command.comment?.summary));
  for (const command of commands) {
    if (command.comment?.getTag('@events')) continue;
    report(
      context.logger,
      `${command.name}: @events is missing (expected a link to each event that the command causes)`,
    );
  }
  for (const event of events) {
    const causedBy = causes.get(event) ?? [];
    addTag(event, '@causedBy', causedBy);
    if (causedBy.length > 0) continue;
    report(context.logger, `${event.name}: no command or function lists it in @events`);
  }
  for (const rejection of unions.get('Rejection') ?? [])
    addTag(rejection, '@refuses', refusals.get(rejection) ?? []);
  // The comment of the type that all commands extend names the refusals of every command.
  const common = targetsIn(exportsOf(project).find(({ name }) => name === 'CommandBase')?.comment?.summary);
  for (const command of commands) addTag(command, '@alsoRefused', common);

  const guides = guidesOf(project);
  for (const reflection of exportsOf(project)) {
    const own = guides.get(reflection) ?? [];
    const theirs = (causes.get(reflection) ?? []).flatMap((command) => guides.get(command) ?? []);
    addTag(reflection, '@explainedIn', [...new Set([...own, ...theirs])].slice(0, GUIDES_MAX));
  }
  for (const page of project.documents ?? []) linkNames(project, page);
}

/** Returns the sources of each target. */
function inverse(
  sources: readonly DeclarationReflection[],
  targetsOf: (source: DeclarationReflection) => Reflection[],
) {
  const sourcesByTarget = new Map<Reflection, DeclarationReflection[]>();
  for (const source of sources) {
    for (const target of new Set(targetsOf(source))) {
      sourcesByTarget.set(target, [...(sourcesByTarget.get(target) ?? []), source]);
    }
  }
  return sourcesByTarget;
}

function addTag(reflection: DeclarationReflection, tag: TagString, targets: readonly Reflection[]): void {
  if (targets.length === 0) return;
  // The comment of a function is that of its signature.
  for (const owner of reflection.signatures ?? [reflection]) {
    owner.comment ??= new Comment();
    owner.comment.blockTags.push(new CommentTag(tag, listOf(targets)));
  }
}

/** Returns exports by name, without names that several entry points export. */
function exportsByName(project: ProjectReflection): Map<string, DeclarationReflection> {
  const byName = new Map<string, DeclarationReflection>();
  const ambiguous = new Set<string>();
  for (const reflection of exportsOf(project)) {
    if (byName.has(reflection.name)) ambiguous.add(reflection.name);
    byName.set(reflection.name, reflection);
  }
  for (const name of ambiguous) byName.delete(name);
  for (const module of project.children ?? []) byName.set(module.name, module);
  return byName;
}

/** Returns the tutorial and guides whose code uses each export, the best first. */
function guidesOf(project: ProjectReflection): Map<Reflection, DocumentReflection[]> {
  const byName = exportsByName(project);
  const uses = new Map<Reflection, Map<DocumentReflection, number>>();
  for (const page of project.documents ?? []) {
    if (!/^(tutorial|guides)\//.test(pageName(project, page))) continue;
    const used = namesUsed(page);
    for (const name of used) {
      const target = byName.get(name);
      if (!target) continue;
      const scores = uses.get(target) ?? new Map<DocumentReflection, number>();
      // A page counts less the more it uses besides, and more if its title or its text names the export.
      const once = aptness(page, name) / Math.sqrt(used.length);
      scores.set(page, (scores.get(page) ?? 0) + once);
      uses.set(target, scores);
    }
  }
  return new Map(
    [...uses].map(([target, scores]) => [
      target,
      [...scores].sort(([, a], [, b]) => b - a).map(([page]) => page),
    ]),
  );
}

/** How much each use in the code of a page counts for an export. */
function aptness(page: DocumentReflection, name: string): number {
  const title = termsOf(page.name);
  const parts = termsOf(partsOf(name));
  const share = parts.filter((part) => title.includes(part)).length / Math.max(1, parts.length);
  const isNamed = page.content.some(({ kind, text }) => kind === 'code' && text === `\`${name}\``);
  return (1 + 8 * share) * (isNamed ? 2 : 1);
}

const codeOf = (page: DocumentReflection) =>
  page.content.filter(({ kind }) => kind === 'code').map((part) => part.text);

/** A type's name is unambiguous. A function's name may also be a field's, so it counts only if the page imports it. */
const isTypeName = (name: string) => /^[A-Z][A-Za-z]+$/.test(name);

function importedIn(page: DocumentReflection): Set<string> {
  const lists = codeOf(page).flatMap((code) => [...code.matchAll(/import (?:type )?\{([^}]*)\}/g)]);
  return new Set(lists.flatMap(([, names = '']) => names.match(/\w+/g) ?? []));
}

function namesUsed(page: DocumentReflection): string[] {
  const imported = importedIn(page);
  const words = codeOf(page).flatMap((code) => code.match(/\w+/g) ?? []);
  return words.filter((word) => isTypeName(word) || imported.has(word));
}

/** Returns the names of fields, except those of `patron-fees/testing`, whose options include functions by name. */
function fieldNames(project: ProjectReflection): Set<string> {
  const fields = project
    .getReflectionsByKind(ReflectionKind.Property)
    .filter((field) => !field.getFullName().startsWith('patron-fees/testing.'));
  return new Set(fields.map(({ name }) => name));
}

/** Converts each importable name in a page's text to a link: `WaiveFees`, `patron-fees/views`. */
function linkNames(project: ProjectReflection, page: DocumentReflection): void {
  const byName = exportsByName(project);
  const imported = importedIn(page);
  const fields = fieldNames(project);
  let line = '';
  page.content = page.content.map((part) => {
    // Headings and the words of other links stay as they are.
    const isFixed = line.startsWith('#') || /\[[^\]]*$/.test(line);
    line = part.text.includes('\n') ? part.text.slice(part.text.lastIndexOf('\n') + 1) : line + part.text;
    if (part.kind !== 'code' || isFixed) return part;
    const name = /^`([\w/-]+)`$/.exec(part.text)?.[1];
    const target = name === undefined ? undefined : byName.get(name);
    if (!target || name === undefined) return part;
    const isCertain =
      !fields.has(name) || isTypeName(name) || /[a-z][A-Z]|\//.test(name) || imported.has(name);
    return isCertain ? ({ ...linkTo(target), tag: '@linkcode' } as const) : part;
  });
}
