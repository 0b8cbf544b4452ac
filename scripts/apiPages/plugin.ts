import { relative } from 'node:path';
import {
  Application,
  type Context,
  Converter,
  type DefaultThemeRenderContext,
  type DocumentReflection,
  JSX,
  MarkdownEvent,
  PageEvent,
  type ProjectReflection,
} from 'typedoc';
import { withPlainTitles } from './accessible.js';
import { addCommandExamples } from './commandExamples.js';
import { addCrossLinks } from './crossLinks.js';
import { checkDefaults, showDefaults } from './defaults.js';
import { drawDiagrams } from './diagrams.js';
import { nameChangelog, shownContents } from './documents.js';
import { dividePages, linkSources } from './entryPages.js';
import { addErrorCodes } from './errorCodes.js';
import { addFileColumns } from './fileColumns.js';
import { flattenTypes } from './flatTypes.js';
import { markdownUrl, writeMarkdown } from './markdownPages.js';
import { report } from './report.js';
import { writeSearch } from './search/writeSearch.js';
import { SiteRouter, SiteTheme } from './theme.js';
import { type BrowserExports, browserExports } from './tryIt/browserExports.js';
import { markExamples } from './tryIt/examples.js';
import { writeTry } from './tryIt/writeTry.js';
import { addUnionTables } from './unionTables.js';
import { writeVersions } from './versions/writeVersions.js';

/** TypeDoc resolves links at -300: steps that links depend on run before it, steps that add links after it. */
const BEFORE_LINKS = 100;
const AFTER_LINKS = -400;

/** Runs before TypeDoc converts Markdown to HTML. */
const BEFORE_MARKDOWN = 100;

/** The TypeDoc plugin of the API pages; its steps are the files of this folder. */
export function apiPages(app: Application): void {
  app.renderer.defineRouter('site', SiteRouter);
  app.renderer.defineTheme('site', SiteTheme);
  for (const step of [showDefaults, flattenTypes, checkDefaults, linkSources]) {
    app.converter.on(Converter.EVENT_RESOLVE_END, step, BEFORE_LINKS);
  }
  for (const step of [
    dividePages,
    nameChangelog,
    addErrorCodes,
    checkContents,
    addUnionTables,
    addCrossLinks,
    addCommandExamples,
    addFileColumns,
  ]) {
    app.converter.on(Converter.EVENT_RESOLVE_END, step, AFTER_LINKS);
  }
  app.renderer.hooks.on('head.end', ({ page }) => ({
    tag: 'link',
    props: { rel: 'alternate', type: 'text/markdown', href: markdownUrl(page.url).replace(/^.*\//, '') },
    children: [],
  }));
  app.renderer.hooks.on('content.end', neighbours);
  app.renderer.hooks.on('body.end', (context) => ({
    tag: 'script',
    props: { src: context.relativeURL('assets/versions.js') },
    children: [],
  }));
  app.renderer.on(MarkdownEvent.PARSE, drawDiagrams, BEFORE_MARKDOWN);
  let exports: BrowserExports = new Map();
  app.renderer.preRenderAsyncJobs.push(async () => {
    exports = await browserExports();
  });
  app.renderer.on(MarkdownEvent.PARSE, (event) => markExamples(event, exports), BEFORE_MARKDOWN);
  app.renderer.on(PageEvent.END, (event) => {
    event.contents = withPlainTitles(event.contents ?? '');
    if (!event.contents.includes('<div class="try"')) return;
    const { base = '' } = /data-base="(?<base>[^"]*)"/.exec(event.contents)?.groups ?? {};
    event.contents = event.contents.replace('</body>', `<script src="${base}assets/try.js"></script></body>`);
  });
  app.renderer.postRenderAsyncJobs.push(async (event) => {
    const { router } = app.renderer;
    if (router)
      await Promise.all([
        writeSearch(event, router),
        writeMarkdown(event, router),
        writeTry(event, exports),
        writeVersions(event),
      ]);
  });
  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => checkLinks(app, project));
}

/** Returns links to the pages before and after one of the contents, in their order. */
function neighbours(context: DefaultThemeRenderContext): JSX.Element {
  const pages = shownContents(context.page.project).parts.flatMap(({ chapters }) =>
    chapters.flatMap((chapter) => chapter.pages),
  );
  const at = pages.findIndex(({ id }) => id === context.model.id);
  const link = (page: DocumentReflection | undefined, rel: 'prev' | 'next') =>
    page === undefined
      ? []
      : [
          {
            tag: 'a',
            props: { rel, href: context.urlTo(page) },
            children: [rel === 'prev' ? `← ${page.name}` : `${page.name} →`],
          },
        ];
  if (at < 0) return { tag: JSX.Fragment, props: null, children: [] };
  return {
    tag: 'nav',
    props: { class: 'neighbours', 'aria-label': 'Pages before and after' },
    children: [...link(pages[at - 1], 'prev'), ...link(pages[at + 1], 'next')],
  };
}

function checkContents({ project, logger }: Context): void {
  for (const fault of shownContents(project).faults) report(logger, fault);
}

/** Reports links to files of the repository that have no page on the web and are no pictures. */
function checkLinks(app: Application, project: ProjectReflection): void {
  for (const path of project.files.getMediaPaths()) {
    const file = relative(process.cwd(), path);
    if (/^docs\/.*\.png$/.test(file)) continue;
    report(app.logger, `a page links to ${file}, which has no page: remove the link`);
  }
}
