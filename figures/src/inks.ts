import type { ValueKind } from '@bregma/core/contracts/value-kind';
import type { Ink } from '@bregma/webviews/kit/ink';

/** The ground that a picture is drawn on. */
export type Theme = 'light' | 'dark';

/** The family that pictures are drawn in; a page that lacks it takes its own. */
export const fontFamily = 'Inter, system-ui, sans-serif';

const kinds = {
  light: ['#0b6e4f', '#1b5aa6', '#5c5c5c', '#7a3ea6', '#9a4d00', '#6b5d00', '#a3195b'],
  dark: ['#4cc9a0', '#6cb2f5', '#b8b8b8', '#c79bf0', '#f0a860', '#d6c24a', '#f58cc0'],
};
const kindNames: ValueKind[] = ['measured', 'derived', 'not stated', 'predicted', 'simulated', 'imputed', 'synthetic'];
const kindsOf = (theme: Theme) =>
  // SAFETY: `kindNames` lists every kind of value.
  Object.fromEntries(kindNames.map((name, i) => [name, kinds[theme][i]])) as Record<ValueKind, string>;

/** The two themes as the views have them (`webviews/src/kit/theme.css`), where no host says otherwise. */
export const inks: Record<Theme, Ink> = {
  light: {
    text: '#1f1f1f',
    quiet: '#5a5a5a',
    ground: '#ffffff',
    raised: '#f8f8f8',
    line: '#d0d0d0',
    focus: '#005fb8',
    bad: '#b01011',
    series: ['#0072b2', '#c85200', '#00805c', '#a8407f', '#8a6a00', '#4b57c4', '#7a4a2b', '#5c5c5c'],
    kinds: kindsOf('light'),
    dark: false,
    font: fontFamily,
  },
  dark: {
    text: '#cccccc',
    quiet: '#a5a5a5',
    ground: '#1f1f1f',
    raised: '#252526',
    line: '#454545',
    focus: '#0078d4',
    bad: '#f88070',
    series: ['#56b4e9', '#f59a5c', '#3fc99b', '#e79ac9', '#e8c547', '#a3b1ff', '#d3a27f', '#b8b8b8'],
    kinds: kindsOf('dark'),
    dark: true,
    font: fontFamily,
  },
};
