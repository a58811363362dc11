/** What lies in a pressed folder, beside the manifest. */
export const MODEL_FILE = 'model.onnx';
/** In its place where the model is compiled; see `Program`. */
export const PROGRAM_FILE = 'program.json';
export const WEIGHTS_FILE = 'model.data';
/** An inference with its answer. */
export const GOLDEN_FILE = 'golden.json';
/** What was done and tried; it stays out of the archives. */
export const REPORT_FILE = 'report.json';
