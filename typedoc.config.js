import { OptionDefaults } from 'typedoc';
import { entryPoints } from './entryPoints.js';
import { apiPages } from './scripts/apiPages/plugin.js';

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'patron-fees',
  entryPoints: entryPoints.map(({ source }) => source),
  // Pages link to `{@link index.decide}`, which needs the entries in this order under their module names.
  sortEntryPoints: false,
  plugin: [apiPages],
  theme: 'site',
  router: 'site',
  readme: 'docs/home.md',
  headings: { readme: false, document: false },
  includeVersion: true,
  projectDocuments: ['docs/*/*.md', 'CHANGELOG.md'],
  useFirstParagraphOfCommentAsSummary: true,
  // Many defaults are words, such as "no limit", which are no code.
  jsDocCompatibility: { defaultTag: false },
  // A file's name, such as CircCommon.pm, is no address.
  markdownItLoader: ({ linkify }) => linkify.set({ fuzzyLink: false, fuzzyEmail: false }),
  hideGenerator: true,
  includeHierarchySummary: false,
  customCss: 'scripts/apiPages/site.css',
  favicon: 'scripts/apiPages/favicon.svg',
  sort: ['required-first', 'source-order'],
  highlightLanguages: [...OptionDefaults.highlightLanguages, 'sql', 'jsonl', 'csv', 'python'],
  out: 'site',
  // `npm run types` checks the types, of the tests too.
  skipErrorChecking: true,
  // A link to the line of a commit needs a public repository; a checkout may have none.
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  blockTags: [
    ...OptionDefaults.blockTags,
    '@columns',
    '@events',
    '@rejects',
    '@sections',
    '@source',
    '@stability',
  ],
  // Divides an entry point's page; its sections stand there themselves.
  notRenderedTags: [...OptionDefaults.notRenderedTags, '@sections'],
  // `FaultCode` is made of its keys; `englishFaultWords` has the same ones. `NoPromise` makes the compiler refuse a task.
  intentionallyNotExported: ['expectedWords', 'NoPromise'],
  // A page that is missing, a broken link or an export without a word is an error, like one of the compiler's.
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
  validation: {
    notExported: true,
    invalidLink: true,
    invalidPath: true,
    rewrittenLink: true,
    notDocumented: true,
  },
  requiredToBeDocumented: [
    'Module',
    'Variable',
    'Function',
    'Class',
    'Constructor',
    'Interface',
    'Property',
    'Method',
    'Accessor',
    'TypeAlias',
    'Enum',
    'EnumMember',
  ],
};
