import { type Application, type Context, Converter } from 'typedoc';
import { shownContents } from './documents.js';
import { dividePages, linkSources } from './entryPages.js';
import { SiteRouter, SiteTheme } from './theme.js';

/** Links are resolved at -300; what needs the names of the source runs before that, what makes links after it. */
const BEFORE_LINKS = 100;
const AFTER_LINKS = -400;

/** What the API pages of this package have beyond TypeDoc: see the files of this folder. */
export function apiPages(app: Application): void {
  app.renderer.defineRouter('site', SiteRouter);
  app.renderer.defineTheme('site', SiteTheme);
  app.converter.on(Converter.EVENT_RESOLVE_END, linkSources, BEFORE_LINKS);
  app.converter.on(Converter.EVENT_RESOLVE_END, dividePages, AFTER_LINKS);
  app.converter.on(Converter.EVENT_RESOLVE_END, checkContents, AFTER_LINKS);
}

function checkContents({ project, logger }: Context): void {
  for (const fault of shownContents(project).faults) logger.error(fault as never);
}
