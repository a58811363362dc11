/** Every engine, under its name in the manifest. */
export { openCompiled as compiled } from './compiled/open.ts';
export { openOnnxruntime as onnxruntime } from './onnxruntime/open.ts';
