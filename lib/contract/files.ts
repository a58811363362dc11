/** What lies in a pressed folder, beside the manifest. */
export const MODEL_FILE = 'model.onnx';
export const WEIGHTS_FILE = 'model.data';
/** An inference with its answer. */
export const GOLDEN_FILE = 'golden.json';
/** What was done and tried; it stays out of the archives. */
export const REPORT_FILE = 'report.json';
