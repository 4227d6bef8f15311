/** Colours of a figure: CSS variables inside the page, which has a light and a dark set, or literal ones in files. */
export interface Theme {
  readonly ink: string;
  readonly muted: string;
  readonly rule: string;
  readonly surface: string;
  /** Darkest colour of a heatmap, and the text that is read on it. */
  readonly heat: string;
  readonly onHeat: string;
  readonly band: string;
  /** Of an arm, by the activation whose colour it has. */
  arm(colour: string): string;
}

type Palette = Readonly<Record<'ink' | 'muted' | 'rule' | 'surface' | 'heat' | 'on-heat' | 'band', string>>;

const LIGHT: Palette = {
  ink: '#1a1d23',
  muted: '#5b6370',
  rule: '#e2e5ea',
  surface: '#ffffff',
  heat: '#08519c',
  'on-heat': '#ffffff',
  band: '#eceff3',
};

const DARK: Palette = {
  ink: '#e8eaee',
  muted: '#a2abb8',
  rule: '#343a44',
  surface: '#15181d',
  heat: '#7fbcf5',
  'on-heat': '#0d1117',
  band: '#262b33',
};

/** One colour for each activation, [light, dark]; the same in every report. Blue and vermilion stay apart for the colour-blind. */
const ARMS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  relu: ['#0b62b0', '#62adf0'],
  tanh: ['#c24e00', '#ff9b57'],
  leakyRelu: ['#00795a', '#3fc79f'],
  elu: ['#a33a80', '#eb92cb'],
  selu: ['#7d6200', '#dbbb47'],
  gelu: ['#5b3fa8', '#b49cf2'],
  silu: ['#0f7f93', '#55c8da'],
  softplus: ['#7a4a2b', '#cf9f7e'],
  softsign: ['#a3195b', '#f080ad'],
  sigmoid: ['#4b7410', '#a6ce63'],
  linear: ['#555d69', '#b3bac5'],
  softmax: ['#39497d', '#9fb0e6'],
};

const OTHER = 'linear';

function armKey(activation: string): string {
  return Object.hasOwn(ARMS, activation) ? activation : OTHER;
}

function themeOf(colour: (name: keyof Palette) => string, arm: (activation: string) => string): Theme {
  return {
    ink: colour('ink'),
    muted: colour('muted'),
    rule: colour('rule'),
    surface: colour('surface'),
    heat: colour('heat'),
    onHeat: colour('on-heat'),
    band: colour('band'),
    arm,
  };
}

/** Light colours, written out. */
export const FILE_THEME: Theme = themeOf(
  (name) => LIGHT[name],
  (activation) => ARMS[armKey(activation)][0],
);

/** References to the variables of `themeVariables`. */
export const PAGE_THEME: Theme = themeOf(
  (name) => `var(--${name})`,
  (activation) => `var(--arm-${armKey(activation)})`,
);

/** CSS declarations of one colour scheme. */
export function themeVariables(scheme: 'light' | 'dark'): string {
  const [palette, column] = scheme === 'light' ? ([LIGHT, 0] as const) : ([DARK, 1] as const);
  return [
    ...Object.entries(palette).map(([name, colour]) => `--${name}:${colour}`),
    ...Object.entries(ARMS).map(([name, colours]) => `--arm-${name}:${colours[column]}`),
  ].join(';');
}
