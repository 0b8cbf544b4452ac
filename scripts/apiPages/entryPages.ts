import { resolve } from 'node:path';
import {
  type Context,
  type DeclarationReflection,
  type NormalizedPath,
  ReflectionCategory,
  ReflectionKind,
} from 'typedoc';
import { entryPoints } from '../../entryPoints.js';
import { isType } from './entryPage.js';
import { report } from './report.js';
import { sectionsOf } from './sections.js';
import { text } from './words.js';

/** Names each entry point by its import name, and divides its page into the sections of its source. */
export function dividePages(context: Context): void {
  const { project, logger } = context;
  for (const module of project.children ?? []) {
    if (module.kind !== ReflectionKind.Module) continue;
    const source = context.getSymbolFromReflection(module)?.declarations?.[0]?.getSourceFile().fileName;
    const entry = entryPoints.find((one) => source !== undefined && resolve(one.source) === resolve(source));
    if (!entry) throw new Error(`${module.name} is not in entryPoints.js`);
    module.name = entry.specifier;
    if (!tellStability(module))
      report(logger, `${entry.source}: expected @stability stable, or @stability may change`);
    const { sections, faults } = sectionsOf(entry.source);
    for (const fault of faults) report(logger, fault);
    module.categories = sections.map(({ title, description, names }) => {
      const category = new ReflectionCategory(title);
      const members = names.flatMap((name) => module.getChildByName([name]) ?? []) as DeclarationReflection[];
      // What one calls comes before the types of its arguments and results.
      category.children = [...members.filter((one) => !isType(one)), ...members.filter(isType)];
      if (description)
        category.description = [text(description.charAt(0).toUpperCase() + description.slice(1))];
      return category;
    });
    if (sections.length === 0) delete module.categories;
  }
}

/** What `@stability` of an entry point promises. */
const promises: Readonly<Record<string, string>> = {
  stable: '**Stable**: from 1.0.0 on, names and shapes change with a major version only.',
  'may change':
    '**May change**: names and shapes can change with any minor version. Stored events stay readable.',
};

/** Adds the promise of an entry point to its description; returns false if it has none. */
function tellStability({ comment }: DeclarationReflection): boolean {
  const stability = comment
    ?.getTag('@stability')
    ?.content.map((part) => part.text)
    .join('')
    .trim();
  const promise = promises[stability ?? ''];
  if (comment === undefined || promise === undefined) return false;
  comment.removeTags('@stability');
  comment.summary.push(text(`\n\n${promise}`));
  return true;
}

/** Resolves links to a source file: they go to the page of the export that the file is named after. */
export function linkSources(context: Context): void {
  for (const module of context.project.children ?? []) {
    for (const child of module.children ?? []) {
      for (const declaration of context.getSymbolFromReflection(child)?.declarations ?? []) {
        const path = declaration.getSourceFile().fileName;
        const name = path.replace(/^.*\//, '').replace(/\.ts$/, '');
        if (name.toLowerCase() !== child.name.toLowerCase()) continue;
        context.project.files.registerReflectionPath(path as NormalizedPath, child);
      }
    }
  }
}
