export { compileRule } from './compile-rule'
export { compileTransformValue } from './compile-transform'
export { languageEntries } from './registry'
export type {
  ColumnSpec,
  CompiledRule,
  CompileResult,
  FrameSpec,
  LanguageEntry,
  RuleContext,
  RuleLevel,
  RuleProblem,
  TransformResult,
} from './types'
