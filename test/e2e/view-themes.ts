export type ViewTheme = 'light' | 'dark' | 'high-contrast' | 'high-contrast-light';

/** Colours that VS Code's default themes give to a webview, as far as views read them. */
const colours: Record<ViewTheme, Record<string, string>> = {
  light: {
    foreground: '#3b3b3b',
    descriptionForeground: '#3b3b3b',
    'editor-background': '#ffffff',
    'editorWidget-background': '#f8f8f8',
    'panel-border': '#e5e5e5',
    'textLink-foreground': '#005fb8',
    focusBorder: '#005fb8',
    errorForeground: '#b01011',
    'button-background': '#005fb8',
    'button-foreground': '#ffffff',
    'input-background': '#ffffff',
    'input-border': '#cecece',
    'list-activeSelectionBackground': '#e8e8e8',
    'list-hoverBackground': '#f2f2f2',
  },
  dark: {
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    'editor-background': '#1f1f1f',
    'editorWidget-background': '#202020',
    'panel-border': '#2b2b2b',
    'textLink-foreground': '#4daafc',
    focusBorder: '#0078d4',
    errorForeground: '#f85149',
    'button-background': '#0078d4',
    'button-foreground': '#ffffff',
    'input-background': '#313131',
    'input-border': '#3c3c3c',
    'list-activeSelectionBackground': '#04395e',
    'list-hoverBackground': '#2a2d2e',
  },
  'high-contrast': {
    foreground: '#ffffff',
    descriptionForeground: '#ffffff',
    'editor-background': '#000000',
    'editorWidget-background': '#0c141f',
    'panel-border': '#6fc3df',
    'textLink-foreground': '#21a6ff',
    focusBorder: '#f38518',
    errorForeground: '#f48771',
    'button-background': '#000000',
    'button-foreground': '#ffffff',
    'button-border': '#6fc3df',
    contrastBorder: '#6fc3df',
    'input-background': '#000000',
    'input-border': '#6fc3df',
  },
  'high-contrast-light': {
    foreground: '#292929',
    descriptionForeground: '#292929',
    'editor-background': '#ffffff',
    'editorWidget-background': '#ffffff',
    'panel-border': '#0f4a85',
    'textLink-foreground': '#0f4a85',
    focusBorder: '#006bbd',
    errorForeground: '#b5200d',
    'button-background': '#0f4a85',
    'button-foreground': '#ffffff',
    contrastBorder: '#0f4a85',
    'input-background': '#ffffff',
    'input-border': '#0f4a85',
  },
};

export function themeVariables(theme: ViewTheme): string {
  const fixed = {
    'font-family': 'system-ui, "Ubuntu", "Droid Sans", sans-serif',
    'font-size': '13px',
    'editor-font-family': '"Droid Sans Mono", monospace',
  };
  return Object.entries({ ...fixed, ...colours[theme] })
    .map(([name, value]) => `--vscode-${name}: ${value};`)
    .join(' ');
}
