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
import { guidesOf, importedIn, isTypeName } from './guides.js';
import { report } from './report.js';
import { unionsIn } from './unionTables.js';
import { exportsOf, linkTo, listOf, targetsIn } from './words.js';

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

  for (const [reflection, guides] of guidesOf(context, new Map([...causes, ...refusals])))
    addTag(reflection, '@explainedIn', guides);
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

/** Returns exports by name; several entry points may export the same one. */
function exportsByName(project: ProjectReflection): Map<string, DeclarationReflection[]> {
  const byName = new Map<string, DeclarationReflection[]>();
  for (const reflection of [...exportsOf(project), ...(project.children ?? [])])
    byName.set(reflection.name, [...(byName.get(reflection.name) ?? []), reflection]);
  return byName;
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
    const [target, second] = byName.get(name ?? '') ?? [];
    if (!target || second || name === undefined) return part;
    const isCertain =
      !fields.has(name) || isTypeName(name) || /[a-z][A-Z]|\//.test(name) || imported.has(name);
    return isCertain ? ({ ...linkTo(target), tag: '@linkcode' } as const) : part;
  });
}
