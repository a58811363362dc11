/** Which engine a model is pressed for; the first is the default. */
export const engineChoices = ['auto', 'onnxruntime', 'compiled'] as const;

/** `auto` compiles what the compiled engine covers, is proven equal and fast enough; all else gets ONNX Runtime. */
export type EngineChoice = (typeof engineChoices)[number];
