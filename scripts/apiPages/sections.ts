import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** A section of an entry point's page. */
export type Section = {
  /** Its title. */
  readonly title: string;
  /** Its description; empty if the source has none. */
  readonly description: string;
  /** The names that it lists, in the order of the source. */
  readonly names: readonly string[];
};

/** The sections of an entry point's page. */
export type Sections = {
  /** The sections in the order of the page. */
  readonly sections: readonly Section[];
  /** Exports without a section, and sections that are missing in the `@sections` tag. */
  readonly faults: readonly string[];
};

/**
 * Reads the sections of an entry point: each comment line `// Title: description.` starts a section, and the exports
 * below belong to it. A title may be repeated; a `@sections` tag at the top sets another order.
 *
 * @param source - the path of the entry point's source
 */
export function sectionsOf(source: string): Sections {
  return readSections(source, readFileSync(source, 'utf8'));
}

/** {@link sectionsOf} for a text. Only re-exports need sections. */
export function readSections(source: string, text: string): Sections {
  const file = ts.createSourceFile(source, text, ts.ScriptTarget.Latest, true);
  const exported = file.statements.filter(ts.isExportDeclaration);
  const found = new Map<string, { description: string; names: string[] }>();
  const faults: string[] = [];
  let title: string | undefined;
  for (const statement of exported) {
    const heading = headingBefore(text, statement);
    if (heading) {
      title = heading.title;
      const section = found.get(title) ?? { description: '', names: [] };
      found.set(title, { ...section, description: section.description || heading.description });
    }
    const clause = statement.exportClause;
    const names = clause && ts.isNamedExports(clause) ? clause.elements.map(({ name }) => name.text) : [];
    if (title === undefined) {
      faults.push(
        ...names.map((name) => `${source}: "${name}" has no section (expected a line "// Title" before it)`),
      );
    } else found.get(title)?.names.push(...names);
  }
  const order = orderedTitles(text) ?? [...found.keys()];
  for (const missing of [...found.keys()].filter((known) => !order.includes(known))) {
    faults.push(`${source}: the section "${missing}" is missing in @sections`);
  }
  for (const unknown of order.filter((known) => !found.has(known))) {
    faults.push(`${source}: @sections lists "${unknown}", but no section has that title`);
  }
  const sections = order.flatMap((known) => {
    const section = found.get(known);
    return section ? [{ title: known, ...section }] : [];
  });
  return { sections, faults };
}

/** Returns the title and description of the section that starts before a statement. */
function headingBefore(text: string, statement: ts.Statement) {
  const comments = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  const lines = comments
    .filter(({ kind }) => kind === ts.SyntaxKind.SingleLineCommentTrivia)
    .map(({ pos, end }) => text.slice(pos + 2, end).trim());
  if (lines.length === 0) return undefined;
  const [title = '', ...description] = lines.join(' ').split(': ');
  return { title, description: description.join(': ') };
}

/** Returns the titles that a `@sections` tag lists. */
function orderedTitles(text: string): string[] | undefined {
  const tag = /@sections ([\s\S]*?)\n \*(?:\/| @|\n)/.exec(text)?.[1];
  return tag?.split(',').map((title) => title.replace(/\n \* ?/g, ' ').trim());
}
