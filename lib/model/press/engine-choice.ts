/** The engines that a model can be pressed for; the first is the default. */
export const engineChoices = ['auto', 'onnxruntime', 'compiled'] as const;

/** `auto` compiles a model if that is supported, proven equal and fast enough; else it uses ONNX Runtime. */
export type EngineChoice = (typeof engineChoices)[number];
