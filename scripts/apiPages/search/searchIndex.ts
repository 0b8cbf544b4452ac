import lunr from 'lunr';
import {
  type Comment,
  type DeclarationReflection,
  type DocumentReflection,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
  type Router,
} from 'typedoc';
import { shownContents } from '../documents.js';
import { type FoundPage, partsOf, phraseOf, type SearchIndex, termsOf } from './findPages.js';

/** The weights of the fields. */
const fields = { title: 8, words: 24, headings: 5, parts: 2, names: 1, text: 1 };

/** The weights of the parts: who asks a question wants the guide first; who types a name finds it by its title. */
const weights: Readonly<Record<string, number>> = { Tutorial: 2, Guides: 3, Concepts: 2, Decisions: 0.8 };

type Entry = FoundPage & { readonly fields: Partial<Record<keyof typeof fields, string>> };

/** Returns the index over guides, concepts, decisions and the comments of all exports. */
export function searchIndex(project: ProjectReflection, router: Router): SearchIndex {
  return indexOf([...documentEntries(project, router), ...exportEntries(project, router)]);
}

function indexOf(entries: readonly Entry[]): SearchIndex {
  const builder = new lunr.Builder();
  builder.ref('id');
  for (const [field, boost] of Object.entries(fields)) builder.field(field, { boost });
  entries.forEach((entry, id) => {
    // A query is divided into terms by the same function.
    const terms = Object.entries(entry.fields).map(([field, text]) => [field, termsOf(text)]);
    builder.add({ id, ...Object.fromEntries(terms) }, { boost: weights[entry.part] ?? 1 });
  });
  const pages = entries.map(({ fields: { words }, title, part, url, about }) => ({
    ...{ title, part, url, about },
    ...(words !== undefined && { asked: words.split(',').map(phraseOf) }),
  }));
  return { pages, index: builder.build() };
}

function documentEntries(project: ProjectReflection, router: Router): Entry[] {
  return shownContents(project).parts.flatMap(({ title: part, chapters }) =>
    chapters
      .flatMap(({ pages }) => pages)
      .map((page) => ({
        title: page.name,
        part,
        url: router.getFullUrl(page),
        about: firstSentence(proseOf(page).replace(/^#.*$/gm, '')),
        fields: documentFields(page),
      })),
  );
}

function documentFields(page: DocumentReflection): Entry['fields'] {
  const source = proseOf(page);
  const headings = [...source.matchAll(/^##+ (.*)$/gm)].map(([, heading = '']) => heading).join('\n');
  const words = page.frontmatter.words;
  return {
    title: page.name,
    headings,
    text: source.replace(/\]\([^)]*\)/g, ']'),
    ...(typeof words === 'string' ? { words } : {}),
  };
}

/** Returns the text of a page without its blocks of code. */
function proseOf({ content }: DocumentReflection): string {
  return content
    .map(({ text }) => text)
    .join('')
    .replace(/^```[\s\S]*?^```$/gm, '');
}

/** How long the sentence below a found page may be. */
const ABOUT_MAX = 110;

function firstSentence(text: string): string {
  const plain = text.replace(/\[([^\]]*)\]\([^)]*\)|[`*]/g, '$1').trim();
  const [sentence = ''] = /^[\s\S]*?(?:[.:](?=\s|$)|\n\n|$)/.exec(plain) ?? [];
  const line = sentence.replace(/\s+/g, ' ').replace(/:$/, '.').trim();
  return line.length <= ABOUT_MAX ? line : `${line.slice(0, ABOUT_MAX).replace(/\s+\S*$/, '')} …`;
}

function exportEntries(project: ProjectReflection, router: Router): Entry[] {
  return (project.children ?? []).flatMap((module) => [
    entryOf(module, 'API', router),
    ...(module.children ?? []).map((child) => entryOf(child, module.name, router)),
  ]);
}

function entryOf(reflection: DeclarationReflection, part: string, router: Router): Entry {
  const comments = [reflection.comment, ...(reflection.signatures ?? []).map(({ comment }) => comment)];
  const members = reflection.kind === ReflectionKind.Module ? [] : membersOf(reflection);
  const text = comments.map(summaryOf).join('\n');
  return {
    title: reflection.name,
    part,
    url: router.getFullUrl(reflection),
    about: firstSentence(text),
    fields: {
      title: reflection.name,
      parts: partsOf(reflection.name),
      names: members.map(({ name }) => name).join(' '),
      text,
    },
  };
}

function membersOf({ children, type }: DeclarationReflection): readonly Reflection[] {
  return children ?? (type?.type === 'reflection' ? (type.declaration.children ?? []) : []);
}

function summaryOf(comment: Comment | undefined): string {
  return (comment?.summary ?? []).map(({ text }) => text).join('');
}
