export { type InferRequest, inferSample } from './infer'
export { type TryDraftRequest, tryDraft } from './try-draft'
export { sampleYaml } from './write-yaml'
