/** Colours of lines that stand for variants. */
export const seriesColors = [
  'var(--model)',
  'var(--handler)',
  'var(--first)',
  'var(--native)',
  'var(--answer)',
  'var(--warning)',
  'var(--runtime)',
  'var(--platform)',
];
