import type { JSX } from 'typedoc';

/** Changes the elements of TypeDoc's page so that everything is in a landmark, and the choice of colours is in the header. */
export function withLandmarks(page: JSX.Element): JSX.Element {
  const theme = take(page, (one) => propsOf(one).id === 'tsd-theme');
  take(page, (one) => propsOf(one).class === 'tsd-theme-toggle');
  return changed(page, (one) => {
    const { class: name } = propsOf(one);
    if (name === 'col-content') return { ...one, tag: 'main' };
    if (name === 'col-sidebar')
      return { ...one, tag: 'aside', props: { ...one.props, 'aria-label': 'Contents and settings' } };
    if (name !== 'tsd-toolbar-contents container' || theme === undefined) return one;
    const labelled = { ...theme, props: { ...theme.props, 'aria-label': 'Colours' } };
    return { ...one, children: [...one.children.slice(0, -1), labelled, ...one.children.slice(-1)] };
  });
}

/**
 * Changes the HTML of a page so that the levels of headings have no gaps, and no link is within a button: TypeDoc's headings
 * begin at any level, and what it folds has links in its titles.
 */
export function withPlainTitles(html: string): string {
  const levels: string[] = [];
  return html
    .replace(/<summary\b.*?<\/summary>/gs, (summary) =>
      summary
        .replace(/<a\b[^>]*class="tsd-anchor-icon"[^>]*>.*?<\/a>/gs, '')
        .replace(/<a\b[^>]*>(.*?)<\/a>/gs, '<span>$1</span>'),
    )
    .replace(/<h([1-6])(?=[\s>])/g, (heading, level: string) => {
      while ((levels.at(-1) ?? '') >= level) levels.pop();
      levels.push(level);
      return String(levels.length) === level ? heading : `${heading} aria-level="${levels.length}"`;
    });
}

const propsOf = ({ props }: JSX.Element): { readonly id?: string; readonly class?: string } => props ?? {};

const isElement = (one: JSX.Children): one is JSX.Element =>
  typeof one === 'object' && one !== null && 'tag' in one;

/** Changes each element of a tree; lists of children stay lists. */
function changed(element: JSX.Element, change: (one: JSX.Element) => JSX.Element): JSX.Element {
  const below = (one: JSX.Children): JSX.Children => {
    if (Array.isArray(one)) return one.map(below);
    return isElement(one) ? changed(one, change) : one;
  };
  return change({ ...element, children: element.children.map(below) });
}

/** Takes the first such element out of a tree, if there is one. */
function take(element: JSX.Element, isIt: (one: JSX.Element) => boolean): JSX.Element | undefined {
  const search = (children: JSX.Children[]): JSX.Element | undefined => {
    for (const [index, one] of children.entries()) {
      if (isElement(one) && isIt(one)) {
        children.splice(index, 1);
        return one;
      }
      const found = Array.isArray(one) ? search(one) : isElement(one) ? search(one.children) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(element.children);
}
