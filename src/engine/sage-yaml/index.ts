export type { RuleChecker, RuleFinding, RuleWhere } from './check-rules'
export { chooseTarget, type FileKind, matchesFilename, type Target } from './choose-target'
export {
  type CatalogOutline,
  type FieldOutline,
  outlineOf,
  type PackageOutline,
  type SchemaOutline,
} from './outline'
export { type ParseOptions, type ParseResult, parseSageYaml, parseSageYamlBytes } from './parse'
export { scalarOffsets, scalarRange } from './scalar-offsets'
export { decodeYaml, MAX_YAML_BYTES } from './source'
