/** Every engine, under the name that a manifest knows it by. */
export { openCompiled as compiled } from './compiled/open.ts';
export { openOnnxruntime as onnxruntime } from './onnxruntime/open.ts';
