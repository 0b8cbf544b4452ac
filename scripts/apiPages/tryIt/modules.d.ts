/** Made by `npm run docs`: the modules of the package that run in a browser. */
declare module 'patron-fees-modules' {
  export const modules: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
