/** The reader of each kind of element. Packing includes those of the model's inputs. */
export { readBigInts as bigint } from './big-integers.ts';
export { readBooleans as boolean } from './booleans.ts';
export { readFloats as float } from './floats.ts';
export { readHalves as half } from './halves.ts';
export { readIntegers as integer } from './integers.ts';
export { readStrings as string } from './strings.ts';
