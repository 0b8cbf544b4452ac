import {
  type Context,
  type DeclarationReflection,
  type DocumentReflection,
  makeRecursiveVisitor,
  type ProjectReflection,
  type Reflection,
  type SomeType,
} from 'typedoc';
import { pageName } from './documents.js';
import { report } from './report.js';
import { partsOf, termsOf } from './search/findPages.js';
import { exportsOf } from './words.js';

/** The maximum number of guides that a page links to. */
const GUIDES_MAX = 4;

/** How much a use counts by the kind of page: all pages begin like the tutorial, and a guide explains more than a concept. */
const weights: readonly (readonly [pages: RegExp, weight: number])[] = [
  [/^tutorial\//, 3],
  [/^guides\//, 1],
  // Other concepts are about everything, or about other systems.
  [/^concepts\/(?:money|balances|credits|lost-items|idempotency|history|personal-data)/, 0.3],
];

/** More than any uses: the page's front matter says that it explains the export. */
const EXPLAINED = 1000;

type Scores = Map<DocumentReflection, number>;

/**
 * Returns the pages that explain each export, the best first: those that use or name it; else those that explain
 * its causes, what names it in its types, or what it names itself.
 *
 * @param causes - the commands and functions that cause an event or get a rejection, whose guides explain it too
 */
export function guidesOf(
  { project, logger }: Context,
  causes: ReadonlyMap<Reflection, readonly DeclarationReflection[]>,
): Map<DeclarationReflection, DocumentReflection[]> {
  const exports = exportsOf(project);
  const scores = directScores(project, exports);
  for (const page of project.documents ?? []) {
    for (const name of explainedBy(page)) {
      if (!exports.some((one) => one.name === name))
        report(logger, `${page.name} explains "${name}", which is no export`);
    }
  }
  const { users, parts } = neighboursOf(exports);
  // A type of a type is two steps away from a function that a guide uses.
  for (const neighbours of [causes, users, users, users, parts, users, parts]) {
    const missing = exports.filter((one) => !scores.has(one));
    const found = missing.map((one) => [one, inherited(one, neighbours, scores)] as const);
    for (const [one, own] of found) if (own.size > 0) scores.set(one, own);
  }
  const ranked = (one: Reflection) =>
    [...(scores.get(one) ?? [])].sort(([, a], [, b]) => b - a).map(([page]) => page);
  return new Map(
    exports.map((one) => {
      const theirs = (causes.get(one) ?? []).flatMap(ranked);
      return [one, [...new Set([...ranked(one), ...theirs])].slice(0, GUIDES_MAX)];
    }),
  );
}

function directScores(
  project: ProjectReflection,
  exports: readonly DeclarationReflection[],
): Map<Reflection, Scores> {
  const scores = new Map<Reflection, Scores>();
  for (const page of project.documents ?? []) {
    const weight = weights.find(([pages]) => pages.test(pageName(project, page)))?.[1];
    if (weight === undefined) continue;
    const used = usesIn(page);
    const imported = importedIn(page);
    const count = [...used.values()].reduce((sum, each) => sum + each, 0);
    const title = termsOf(page.name);
    const explained = explainedBy(page);
    for (const one of exports) {
      const parts = termsOf(partsOf(one.name));
      const share = parts.filter((part) => title.includes(part)).length / Math.max(1, parts.length);
      const from = imported.get(one.name);
      // Of exports with the same name, the page means the one that it imports.
      const isMeant = from === undefined || from === one.parent?.name;
      const uses = isMeant ? (used.get(one.name) ?? 0) : 0;
      const isExplained = explained.includes(one.name);
      if (uses === 0 && !isExplained) continue;
      // A page counts less the more it uses besides, and more if its title has the words of the name.
      const score = (weight * (1 + 8 * share) * uses) / Math.sqrt(count) + (isExplained ? EXPLAINED : 0);
      scores.set(one, (scores.get(one) ?? new Map()).set(page, score));
    }
  }
  return scores;
}

/** Returns the exports that a page names in its front matter. */
function explainedBy({ frontmatter: { explains } }: DocumentReflection): string[] {
  return typeof explains === 'string' ? explains.split(/,\s*/) : [];
}

/** A type's name is unambiguous. A function's name may also be a field's, so code counts only if the page imports it. */
export function isTypeName(name: string): boolean {
  return /^[A-Z][A-Za-z]+$/.test(name);
}

/** Returns what a page imports: the names, each with its module. */
export function importedIn(page: DocumentReflection): Map<string, string> {
  const lists = codeOf(page).flatMap((code) => [
    ...code.matchAll(/import (?:type )?\{([^}]*)\} from '([^']*)'/g),
  ]);
  return new Map(
    lists.flatMap(([, names = '', module = '']) =>
      (names.match(/\w+/g) ?? []).map((name): [string, string] => [name, module]),
    ),
  );
}

/** Returns how often a page uses each name in its code, and names it in its text, which counts as much as three uses. */
function usesIn(page: DocumentReflection): Map<string, number> {
  const imported = importedIn(page);
  const uses = new Map<string, number>();
  const add = (name: string, count: number) => uses.set(name, (uses.get(name) ?? 0) + count);
  for (const code of codeOf(page)) {
    const named = /^`(\w+)`$/.exec(code)?.[1];
    if (named !== undefined && (isTypeName(named) || /[a-z][A-Z]/.test(named) || imported.has(named)))
      add(named, 3);
    if (named !== undefined) continue;
    // Of texts, only whole ones are names: the type of a command or an event.
    const words = code.replace(/(['"])(?!\w+\1)(?:(?!\1)[^\n])*\1/g, ' ').match(/\w+/g) ?? [];
    for (const word of words) if (isTypeName(word) || imported.has(word)) add(word, 1);
  }
  return uses;
}

function codeOf(page: DocumentReflection): string[] {
  return page.content.filter(({ kind }) => kind === 'code').map((part) => part.text);
}

type Neighbours = ReadonlyMap<Reflection, readonly Reflection[]>;

/** Returns the exports that name each export in their types, and those that it names, or the list that it is a value of. */
function neighboursOf(exports: readonly DeclarationReflection[]): { users: Neighbours; parts: Neighbours } {
  const all = new Set<Reflection>(exports);
  const users = new Map<Reflection, Reflection[]>();
  const parts = new Map<Reflection, Reflection[]>();
  const add = (map: Map<Reflection, Reflection[]>, one: Reflection, other: Reflection) => {
    const list = map.get(one) ?? [];
    if (!list.includes(other)) map.set(one, [...list, other]);
  };
  // `noticeKinds` is the list of every `NoticeKind`.
  const byTerms = new Map<string, Reflection[]>();
  const termsOfName = (one: Reflection) => termsOf(partsOf(one.name)).join(' ');
  for (const one of exports) byTerms.set(termsOfName(one), [...(byTerms.get(termsOfName(one)) ?? []), one]);
  for (const one of exports) {
    for (const other of byTerms.get(termsOfName(one)) ?? []) if (other !== one) add(users, one, other);
    const visitor = makeRecursiveVisitor({
      reference: ({ reflection }) => {
        if (!reflection || !all.has(reflection) || reflection === one) return;
        add(parts, one, reflection);
        // The words of all rejections, or of all reports, explain none of them.
        if (!one.name.endsWith('Words')) add(users, reflection, one);
      },
      reflection: ({ declaration }) => visit(declaration),
    });
    const visit = (reflection: Reflection): void => {
      const { type } = reflection as { type?: SomeType };
      type?.visit(visitor);
      reflection.traverse((child) => visit(child));
    };
    visit(one);
  }
  return { users, parts };
}

/** Returns the scores of an export's neighbours; one that has many, such as the policy, says little about each. */
function inherited(one: Reflection, neighbours: Neighbours, scores: ReadonlyMap<Reflection, Scores>): Scores {
  const sums: Scores = new Map();
  for (const neighbour of neighbours.get(one) ?? []) {
    const own = scores.get(neighbour);
    if (!own) continue;
    const total = [...own.values()].reduce((sum, each) => sum + each, 0);
    const share = 1 / (total * Math.max(1, neighbours.get(neighbour)?.length ?? 1));
    for (const [page, score] of own) sums.set(page, (sums.get(page) ?? 0) + score * share);
  }
  return sums;
}
