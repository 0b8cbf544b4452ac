/** Made by `npm run docs`: the modules of the package that run in a browser. */
declare module 'virtual:modules' {
  export const modules: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
