/** Returns the tags and texts of a document without its styles, with ordinary spaces. */
export function plainMail(html: string): string {
  return html
    .replace(/<style>[\s\S]*?<\/style>\n/g, '')
    .replace(/ (?:style|class|align|width|role)="[^"]*"/g, '')
    .replace(/[^\S\n]/g, ' ');
}
