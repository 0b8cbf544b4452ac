import {
  DefaultTheme,
  DefaultThemeRenderContext,
  type DocumentReflection,
  KindRouter,
  type NavigationElement,
  type PageDefinition,
  type PageEvent,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
} from 'typedoc';
import { withLandmarks } from './accessible.js';
import { pageName, shownContents } from './documents.js';
import { entryPage } from './entryPage.js';
import { report } from './report.js';

/**
 * Readable addresses that depend on nothing but a page's own name: `guides/waive-fees.html`,
 * `api/patron-fees/views/finesAndFees.html`. Types have a folder of their own, `api/patron-fees/views/types/FinesAndFees.html`,
 * because files whose names differ only in capitals are one file on some systems.
 */
export class SiteRouter extends KindRouter {
  override buildPages(project: ProjectReflection): PageDefinition[] {
    const pages = super.buildPages(project);
    // The home page and the navigation replace TypeDoc's list of modules.
    this.fullUrls.set(project, 'index.html');
    for (const { url } of pages) {
      if (/-\d+\.html$/.test(url)) report(this.application.logger, `${url}: another page has this address`);
    }
    return pages.filter(({ url }) => url !== 'modules.html');
  }

  protected override getIdealBaseName(reflection: Reflection): string {
    if (reflection.isDocument()) return pageName(reflection.project, reflection);
    const path = [];
    for (let at: Reflection | undefined = reflection; at && !at.isProject(); at = at.parent)
      path.unshift(at.name);
    if (reflection.kindOf([ReflectionKind.TypeAlias, ReflectionKind.Interface])) path.splice(-1, 0, 'types');
    return ['api', ...path].join('/');
  }
}

/** The default theme with a table of contents: tutorial, guides by task, concepts, decisions, API. */
export class SiteTheme extends DefaultTheme {
  override getRenderContext(page: PageEvent<Reflection>): DefaultThemeRenderContext {
    const context = new DefaultThemeRenderContext(this.router, this, page, this.application.options);
    const { moduleReflection, defaultLayout } = context;
    context.defaultLayout = (template, props) => withLandmarks(defaultLayout(template, props));
    context.moduleReflection = (module) =>
      module.isDeclaration() ? entryPage(context, module) : moduleReflection(module);
    return context;
  }

  override buildNavigation(project: ProjectReflection): NavigationElement[] {
    const element = (page: DocumentReflection): NavigationElement => ({
      text: page.name,
      path: this.router.getFullUrl(page),
      kind: page.kind,
    });
    const parts = shownContents(project).parts.map(({ title, chapters }): NavigationElement => {
      if (chapters.length === 1) return { text: title, children: (chapters[0]?.pages ?? []).map(element) };
      return {
        text: title,
        children: chapters.map((chapter) => ({ text: chapter.title, children: chapter.pages.map(element) })),
      };
    });
    return [
      ...parts,
      { text: 'API', children: this.#modules(project) },
      // Not a page of TypeDoc: scripts/explorer puts it beside them.
      { text: 'Explorer', path: 'explorer/index.html' },
    ];
  }

  #modules(project: ProjectReflection): NavigationElement[] {
    const member = (reflection: Reflection): NavigationElement => ({
      text: reflection.name,
      path: this.router.getFullUrl(reflection),
      kind: reflection.kind,
    });
    return (project.children ?? [])
      .filter(({ kind }) => kind === ReflectionKind.Module)
      .map((module) => ({
        // A title that unfolds its list is no link.
        text: module.name,
        children: [
          { ...member(module), text: 'Overview' },
          ...(module.categories
            ? module.categories.map(({ title, children }) => ({
                text: title,
                children: children.map(member),
              }))
            : (module.children ?? []).map(member)),
        ],
      }));
  }
}
