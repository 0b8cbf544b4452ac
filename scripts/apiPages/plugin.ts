import { relative } from 'node:path';
import { Application, type Context, Converter, MarkdownEvent, type ProjectReflection } from 'typedoc';
import { addCrossLinks } from './crossLinks.js';
import { showDefaults } from './defaults.js';
import { drawDiagrams } from './diagrams.js';
import { shownContents } from './documents.js';
import { dividePages, linkSources } from './entryPages.js';
import { flattenTypes } from './flatTypes.js';
import { report } from './report.js';
import { SiteRouter, SiteTheme } from './theme.js';
import { addUnionTables } from './unionTables.js';

/** Links are resolved at -300; what the links of a page need runs before that, what makes links of its own after it. */
const BEFORE_LINKS = 100;
const AFTER_LINKS = -400;

/** Runs before TypeDoc makes HTML of Markdown. */
const BEFORE_MARKDOWN = 100;

/** What the API pages of this package have beyond TypeDoc: see the files of this folder. */
export function apiPages(app: Application): void {
  app.renderer.defineRouter('site', SiteRouter);
  app.renderer.defineTheme('site', SiteTheme);
  for (const step of [showDefaults, flattenTypes, linkSources]) {
    app.converter.on(Converter.EVENT_RESOLVE_END, step, BEFORE_LINKS);
  }
  for (const step of [dividePages, checkContents, addUnionTables, addCrossLinks]) {
    app.converter.on(Converter.EVENT_RESOLVE_END, step, AFTER_LINKS);
  }
  app.renderer.on(MarkdownEvent.PARSE, drawDiagrams, BEFORE_MARKDOWN);
  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => checkLinks(app, project));
}

function checkContents({ project, logger }: Context): void {
  for (const fault of shownContents(project).faults) report(logger, fault);
}

/** A page on the web cannot show a file of the repository. */
function checkLinks(app: Application, project: ProjectReflection): void {
  for (const path of project.files.getMediaPaths()) {
    const file = relative(process.cwd(), path);
    report(app.logger, `A page links to ${file}, which has no page: name it without a link`);
  }
}
