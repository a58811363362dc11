/** File extensions of models: ONNX, ORT, and those that LightGBM and XGBoost save. */
export const modelEnding = /\.(onnx|ort|txt|json|ubj)$/i;

/** Returns the name of a model: its file name without the extension. */
export function modelNameOf(fileName: string): string {
  return fileName.replace(modelEnding, '');
}
