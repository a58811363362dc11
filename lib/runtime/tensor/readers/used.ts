/** Packing replaces this with the readers that a function uses. */
export * from './index.ts';
