export { embedFunction } from '../lib/runtime/single-file/embed.ts';
