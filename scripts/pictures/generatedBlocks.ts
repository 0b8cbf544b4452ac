/** The parts of a page that a command writes, by name, each as Markdown. */
export type GeneratedBlocks = Readonly<Record<string, string>>;

/**
 * Replaces the generated parts of a Markdown page. Each is between `<!-- name: made by COMMAND -->` and
 * `<!-- end of name -->`; parts that are not given are unchanged.
 *
 * @throws if the page has no part of a name
 */
export function withGeneratedBlocks(page: string, blocks: GeneratedBlocks): string {
  return Object.entries(blocks).reduce((text, [name, block]) => {
    const part = new RegExp(`(<!-- ${name}: made by [^>]* -->\n)[\\s\\S]*?(<!-- end of ${name} -->)`);
    if (!part.test(text)) throw new Error(`the page has no part "${name}"`);
    return text.replace(part, (_, begin: string, end: string) => `${begin}\n${block.trim()}\n\n${end}`);
  }, page);
}

/** A Mermaid diagram as Markdown; the API pages draw it as SVG. */
export function mermaid(source: string): string {
  return `\`\`\`mermaid\n${source.trim()}\n\`\`\``;
}
