import { relative } from 'node:path';
import type { Context, DocumentReflection, ProjectReflection } from 'typedoc';
import { contents } from './contents.js';

/** A chapter of the table of contents with its pages. */
export type ShownChapter = { readonly title: string; readonly pages: readonly DocumentReflection[] };

/** A part with its chapters. */
export type ShownPart = { readonly title: string; readonly chapters: readonly ShownChapter[] };

/** Returns the path of a page under docs/ without the extension, e.g. `guides/waive-fees`, and `changelog` for CHANGELOG.md. */
export function pageName(project: ProjectReflection, document: DocumentReflection): string {
  const path = project.files.getReflectionPath(document);
  if (path === undefined) throw new Error(`The page "${document.name}" has no file`);
  const name = relative('docs', path).replace(/\.md$/, '');
  return name === '../CHANGELOG' ? 'changelog' : name;
}

/** The changelog has no front matter, because it is read elsewhere too. */
export function nameChangelog({ project }: Context): void {
  for (const page of project.documents ?? [])
    if (pageName(project, page) === 'changelog') page.name = 'Changelog';
}

/** Returns the table of contents with its pages, and a fault for each page that is listed or exists, but not both. */
export function shownContents(project: ProjectReflection): { parts: ShownPart[]; faults: string[] } {
  const unlisted = new Map(
    (project.documents ?? []).map((document) => [pageName(project, document), document]),
  );
  const faults: string[] = [];
  const take = (name: string): DocumentReflection[] => {
    const found = unlisted.get(name);
    unlisted.delete(name);
    if (!found) faults.push(`docs/${name}.md is in scripts/apiPages/contents.ts, but does not exist`);
    return found ? [found] : [];
  };
  const parts = contents.map(({ title, chapters }) => ({
    title,
    chapters: chapters.map((chapter) => ({
      title: chapter.title,
      pages: chapter.pages.flatMap((page) =>
        page.endsWith('/*')
          ? [...unlisted.keys()]
              .filter((name) => name.startsWith(page.slice(0, -1)))
              .sort()
              .flatMap(take)
          : take(page),
      ),
    })),
  }));
  for (const name of unlisted.keys()) {
    faults.push(`docs/${name}.md is missing in the table of contents, scripts/apiPages/contents.ts`);
  }
  return { parts, faults };
}
