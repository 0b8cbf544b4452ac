import { renderMermaidSVG } from 'beautiful-mermaid';
import type { MarkdownEvent } from 'typedoc';

/** The smallest scale of a diagram: its smallest text, of 11 pixels, then has 10. */
const SCALE_MIN = 10 / 11;

/** Replaces the Mermaid diagrams of a page by SVG in the colours of the theme, without scripts or network requests. */
export function drawDiagrams(event: MarkdownEvent): void {
  event.parsedText = event.parsedText.replace(/^```mermaid\n([\s\S]*?)^```$/gm, (_, source: string) =>
    drawn(source),
  );
}

/** Returns a diagram as HTML without blank lines, which would end it in Markdown. */
export function drawn(source: string): string {
  const [titleLine, title] = /^ *title "(.*)"\n/m.exec(source) ?? [];
  // In a picture a wide title is cut off, a list of labels is divided at any comma, and their quotes are shown.
  const untitled = source
    .replace(titleLine ?? '', '')
    .replace(/(?<=\d),(?=\d{3}\b)/g, '\u202f')
    .replace(/\["[^\]]*"\]/g, (labels) => (titleLine ? labels.replaceAll('"', '') : labels));
  const svg = renderMermaidSVG(untitled, {
    bg: 'var(--color-background)',
    fg: 'var(--color-text)',
    transparent: true,
  });
  const own = svg
    // Uses the font of the page instead of fetching one.
    .replace(/@import url\([^)]*\);/g, '')
    .replace(/font-family: 'Inter', /g, 'font-family: ')
    .replace(/^(\s*)(text|svg) \{/gm, '$1.diagram $2 {')
    .replace(/\n\s*\n/g, '\n');
  const width = Number(/width="([\d.]+)"/.exec(own)?.[1] ?? 0);
  const caption = title === undefined ? '' : `<figcaption>${title}</figcaption>`;
  // On a small screen the diagram scrolls before its text becomes too small, by keys too.
  return `<figure class="diagram" style="--least: ${Math.ceil(width * SCALE_MIN)}px">${caption}<div tabindex="0" role="group" aria-label="Diagram">${own.trim()}</div></figure>\n`;
}
