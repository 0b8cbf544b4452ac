import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import {
  type Comment,
  type CommentDisplayPart,
  type DeclarationReflection,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
  type RendererEvent,
  type Router,
  type SignatureReflection,
} from 'typedoc';
import { shownContents } from './documents.js';
import { firstSentence } from './words.js';

/** Writes every page as Markdown beside its HTML, and `llms.txt`, the list of them for language models. */
export async function writeMarkdown(
  { project, outputDirectory }: RendererEvent,
  router: Router,
): Promise<void> {
  const pages = new MarkdownPages(project, router);
  for (const [url, content] of [...pages.all(), ['llms.txt', pages.list()] as const]) {
    const file = join(outputDirectory, url);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${content.replace(/\n{3,}/g, '\n\n').trim()}\n`);
  }
}

/** Returns the address of the Markdown of a page, without an anchor: `guides/waive-fees.md`. */
export function markdownUrl(url: string): string {
  return url.replace(/\.html(#.*)?$/, '.md');
}

class MarkdownPages {
  readonly #project: ProjectReflection;
  readonly #router: Router;

  constructor(project: ProjectReflection, router: Router) {
    this.#project = project;
    this.#router = router;
  }

  all(): (readonly [url: string, content: string])[] {
    const modules = this.#project.children ?? [];
    const pages: [Reflection, (url: string) => string][] = [
      [this.#project, (url) => this.#parts(this.#project.readme, url)],
      ...(this.#project.documents ?? []).map((page): [Reflection, (url: string) => string] => [
        page,
        (url) => this.#parts(page.content, url),
      ]),
      ...modules.map((module): [Reflection, (url: string) => string] => [
        module,
        (url) => this.#module(module, url),
      ]),
      ...modules
        .flatMap((module) => module.children ?? [])
        .map((one): [Reflection, (url: string) => string] => [one, (url) => this.#export(one, url)]),
    ];
    return pages.map(([page, content]) => {
      const url = markdownUrl(this.#router.getFullUrl(page));
      return [url, content(url)];
    });
  }

  list(): string {
    const line = (page: Reflection, sentence: string) =>
      `- [${page.name}](${markdownUrl(this.#router.getFullUrl(page))})${sentence ? `: ${sentence}` : ''}`;
    const parts = shownContents(this.#project).parts.map(
      ({ title, chapters }) =>
        `## ${title}\n\n${chapters
          .flatMap(({ pages }) => pages)
          .map((page) => line(page, firstParagraph(this.#parts(page.content, 'llms.txt'))))
          .join('\n')}`,
    );
    const modules = (this.#project.children ?? []).map((module) =>
      line(module, this.#sentence(module, 'llms.txt')),
    );
    const about = firstParagraph(this.#parts(this.#project.readme, 'llms.txt'));
    return [
      `# patron-fees ${this.#project.packageVersion ?? ''}`.trim(),
      `> ${about}`,
      'Every page of this site is also Markdown: the same address with `.md` instead of `.html`.',
      ...parts,
      `## API\n\n${modules.join('\n')}`,
    ].join('\n\n');
  }

  #module(module: DeclarationReflection, url: string): string {
    const line = (one: DeclarationReflection) =>
      `- ${this.#link(one, one.name, url)}: ${this.#sentence(one, url)}`;
    const sections = (module.categories ?? []).map(({ title, description, children }) => {
      const lines = (children as DeclarationReflection[]).map(line).join('\n');
      return `## ${title}\n\n${this.#parts(description, url)}\n\n${lines}`;
    });
    const rest = module.categories ? [] : (module.children ?? []).map(line);
    return [`# ${module.name}`, this.#comment(module.comment, url), ...sections, rest.join('\n')].join(
      '\n\n',
    );
  }

  #export(one: DeclarationReflection, url: string): string {
    const head = [`# ${one.name}`, `Import: \`${one.parent?.name}\``];
    if (one.signatures)
      return [...head, ...one.signatures.map((each) => this.#signature(each, url))].join('\n\n');
    return [
      ...head,
      `\`\`\`ts\n${definition(one)}\n\`\`\``,
      this.#comment(one.comment, url),
      this.#members(one, url),
    ].join('\n\n');
  }

  #signature(signature: SignatureReflection, url: string): string {
    const parameters = (signature.parameters ?? []).map(
      ({ name, type, comment }) => `- \`${name}: ${type}\`: ${this.#parts(comment?.summary, url)}`,
    );
    return [
      `\`\`\`ts\n${signatureText(signature.name, signature)}\n\`\`\``,
      this.#parts(signature.comment?.summary, url),
      parameters.length > 0 ? `## Parameters\n\n${parameters.join('\n')}` : '',
      this.#tags(signature.comment, url),
    ].join('\n\n');
  }

  #members(one: DeclarationReflection, url: string): string {
    const own =
      one.children ?? (one.type?.type === 'reflection' ? one.type.declaration.children : undefined) ?? [];
    const lines = own.map((member) => {
      const comment = member.comment ?? member.signatures?.[0]?.comment;
      const value = comment?.getTag('@defaultValue');
      const standard = value ? ` Default: ${this.#parts(value.content, url)}.` : '';
      return `- \`${memberText(member)}\`: ${this.#parts(comment?.summary, url).replace(/\n+/g, ' ')}${standard}`;
    });
    return lines.length > 0 ? `## Members\n\n${lines.join('\n')}` : '';
  }

  #comment(comment: Comment | undefined, url: string): string {
    return `${this.#parts(comment?.summary, url)}\n\n${this.#tags(comment, url)}`;
  }

  #tags(comment: Comment | undefined, url: string): string {
    return (comment?.blockTags ?? [])
      .filter(({ tag }) => !['@sections', '@defaultValue'].includes(tag))
      .map(({ tag, content }) => `## ${titleOf(tag)}\n\n${this.#parts(content, url)}`)
      .join('\n\n');
  }

  #sentence(one: DeclarationReflection, url: string): string {
    const comment = one.comment ?? one.signatures?.[0]?.comment;
    return comment ? this.#parts(firstSentence(comment), url).trim() : '';
  }

  #parts(parts: readonly CommentDisplayPart[] = [], url: string): string {
    return parts
      .map((part) => {
        if (part.kind === 'inline-tag') {
          const name = part.tag === '@linkcode' ? `\`${part.text}\`` : part.text;
          if (typeof part.target === 'string') return `[${name}](${part.target})`;
          return part.target && 'kind' in part.target ? this.#link(part.target, name, url) : name;
        }
        if (part.kind !== 'relative-link' || typeof part.target !== 'number') return part.text;
        const target = this.#project.files.resolve(part.target, this.#project);
        if (typeof target !== 'object') {
          const picture = this.#project.files.getName(part.target);
          return picture ? relative(dirname(url), `media/${picture}`) : part.text;
        }
        const anchor = part.targetAnchor ? `#${part.targetAnchor}` : '';
        return `${this.#address(target, url)}${anchor}`;
      })
      .join('')
      .replace(/^---\n[\s\S]*?\n---\n/, '');
  }

  #link(target: Reflection, name: string, url: string): string {
    return `[${name}](${this.#address(target, url)})`;
  }

  #address(target: Reflection, url: string): string {
    let page: Reflection | undefined = target;
    while (page && !this.#router.hasUrl(page)) page = page.parent;
    return relative(dirname(url), markdownUrl(this.#router.getFullUrl(page ?? this.#project)));
  }
}

function firstParagraph(markdown: string): string {
  const paragraph = markdown.split('\n\n').find((each) => /^[A-Z`[]/.test(each)) ?? '';
  return (/^[\s\S]*?[.!?](?=\s|$)/.exec(paragraph)?.[0] ?? paragraph)
    .replace(/\s*\n\s*/g, ' ')
    .replace(/:$/, '.');
}

function definition(one: DeclarationReflection): string {
  if (one.kindOf(ReflectionKind.TypeAlias)) return `type ${one.name} = ${one.type ?? '{ ... }'}`;
  if (one.kindOf(ReflectionKind.Class)) return `class ${one.name}`;
  return one.kindOf(ReflectionKind.Variable) ? `const ${one.name}: ${one.type}` : one.name;
}

function memberText(member: DeclarationReflection): string {
  const optional = member.flags.isOptional ? '?' : '';
  const [signature] = member.signatures ?? [];
  if (!signature) return `${member.name}${optional}: ${member.type}`;
  return signatureText(`${member.name}${optional}`, signature);
}

function signatureText(name: string, { parameters = [], type }: SignatureReflection): string {
  const list = parameters.map((each) => `${each.name}${each.flags.isOptional ? '?' : ''}: ${each.type}`);
  return `${name}(${list.join(', ')}): ${type}`;
}

function titleOf(tag: string): string {
  return tag
    .slice(1)
    .replace(/([A-Z])/g, ' $1')
    .replace(/^./, (letter) => letter.toUpperCase());
}
