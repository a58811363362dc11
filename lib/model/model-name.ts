/** Endings of the files of models: ONNX, ORT, and what LightGBM and XGBoost save. */
export const modelEnding = /\.(onnx|ort|txt|json|ubj)$/i;

/** A model's name, as its file has it. */
export function modelNameOf(fileName: string): string {
  return fileName.replace(modelEnding, '');
}
