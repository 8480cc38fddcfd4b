// esbuild's text loader: a style sheet is a string that the host puts into its page.
declare module '*.css' {
  const text: string;
  export default text;
}
