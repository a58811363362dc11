/**
 * Colours of all charts, light and dark; a phase's colour has the phase's name. The palette follows Okabe and Ito, so
 * that colour-blind readers can tell the colours apart.
 */
const light = {
  paper: '#ffffff',
  ink: '#1b1f24',
  muted: '#57606a',
  line: '#d0d7de',
  platform: '#d5c24a',
  runtime: '#9aa4ae',
  handler: '#0072b2',
  native: '#8e5aa8',
  model: '#e08a00',
  first: '#009e73',
  answer: '#56b4e9',
  warning: '#c2410c',
};

const dark: typeof light = {
  paper: '#0d1117',
  ink: '#e6edf3',
  muted: '#9198a1',
  line: '#30363d',
  platform: '#b8a63a',
  runtime: '#6e7681',
  handler: '#3b9ddd',
  native: '#b48ad0',
  model: '#f0a83a',
  first: '#2fc79a',
  answer: '#8fd0f5',
  warning: '#ff8a5c',
};

/** Sets the colours as custom properties of the selector's elements. */
export function themeCss(selector: string): string {
  const properties = (colors: typeof light) =>
    Object.entries(colors)
      .map(([name, color]) => `--${name}:${color}`)
      .join(';');
  return `${selector}{${properties(light)};color:var(--ink)}
@media (prefers-color-scheme:dark){${selector}{${properties(dark)}}}`;
}
