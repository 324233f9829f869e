import type { Diagnostic, SageSchema } from '@shared/model/schema'
import { type Document, parseDocument, type YAMLError } from 'yaml'
import { checkRules, type RuleChecker } from './check-rules'
import { clip } from './nearest'
import { type Context, type MapView, viewOf } from './read'
import { readCatalogs, sectionOf } from './read-catalogs'
import { readPackages } from './read-packages'
import { Lines, Reporter } from './reporter'
import { checkCharacters, checkDepth, decodeYaml, MAX_YAML_BYTES, tooLarge } from './source'
import { isMild, Quotes, syntaxMistake } from './syntax'
import { isNothing, Tree } from './tree'

export interface ParseOptions {
  /** Name of the file, for the message about one that is not a YAML. */
  fileName?: string
  /** Compiles each rule; without it expressions are not judged. */
  checkRules?: RuleChecker
  maxBytes?: number
}

export interface ParseResult {
  /** Null when an error keeps it from being built; a rule that does not compile does not. */
  schema: SageSchema | null
  /** In the order of the file. */
  diagnostics: Diagnostic[]
}

const INFO_KEYS = ['name', 'description', 'version', 'author', 'comments'] as const
const ROOT_KEYS = ['sage_yaml', 'catalogs', 'packages'] as const

/** Where a key that is known elsewhere belongs. */
const HOMES: ReadonlyMap<string, string> = new Map([
  ...(['delimiter', 'header', 'null_values', 'encoding', 'sheet'] as const).map(
    (key) => [key, '`file_format`'] as const,
  ),
  ...(['required', 'unique', 'validation_rules', 'max_length', 'thousands'] as const).map(
    (key) => [key, 'un campo de `fields`'] as const,
  ),
  ...(['filename', 'fields', 'row_validation', 'catalog_validation', 'transformations'] as const).map(
    (key) => [key, 'un catálogo'] as const,
  ),
  ...(['rule', 'severity'] as const).map((key) => [key, 'una regla'] as const),
  ['package_validation', 'un paquete'],
  ['version', '`sage_yaml`'],
  ['author', '`sage_yaml`'],
  ['sage_yaml', 'la raíz del archivo'],
  ['packages', 'la raíz del archivo'],
])

/** Codes that speak of what is not there: with broken syntax, it may just not have been reached. */
const ABSENCES = new Set([
  'MISSING_SECTION',
  'MISSING_KEY',
  'UNUSED_CATALOG',
  'UNKNOWN_CATALOG',
  'EMPTY_FIELDS',
  'EMPTY_PACKAGE',
  'EMPTY_VALUE',
  'EMPTY_CATALOGS',
  'EMPTY_PACKAGES',
  'UNKNOWN_COLUMN',
  'WRONG_KIND',
])

/**
 * Reads a SAGE YAML: every mistake in one pass, each with its line, column, path, code and Spanish message. Never throws, whatever
 * the text: what is too large, too deep, binary or explosive is refused before it is expanded.
 */
export function parseSageYaml(text: string, options: ParseOptions = {}): ParseResult {
  const maxBytes = options.maxBytes ?? MAX_YAML_BYTES
  // A UTF-16 unit takes at least one byte in UTF-8: the length alone refuses what is huge without measuring it.
  const bytes = text.length > maxBytes ? text.length : Buffer.byteLength(text)
  if (bytes > maxBytes) return { schema: null, diagnostics: [tooLarge(bytes, maxBytes)] }
  const mark = text.startsWith('\ufeff') ? 1 : 0
  const body = text.slice(mark)
  const reporter = new Reporter(new Lines(body, mark))
  const schema = guarded(reporter, () => readText(body, options, reporter))
  return { schema: reporter.blocking ? null : schema, diagnostics: reporter.finish() }
}

/** `parseSageYaml` over the bytes of a file: refuses what is not UTF-8 (or UTF-16 with its mark). */
export function parseSageYamlBytes(bytes: Uint8Array, options: ParseOptions = {}): ParseResult {
  const decoded = decodeYaml(bytes, options.maxBytes)
  if ('diagnostic' in decoded) return { schema: null, diagnostics: [decoded.diagnostic] }
  return parseSageYaml(decoded.text, options)
}

/** A text that makes the YAML library itself fail is one more mistake of the file, never a crash of the engine. */
function guarded(reporter: Reporter, read: () => SageSchema | null): SageSchema | null {
  try {
    return read()
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : ''
    reporter.error({
      code: 'YAML_UNREADABLE',
      path: '',
      range: [0, 0],
      message: `El YAML no se puede leer${reason === '' ? '' : ` (${clip(reason, 120)})`}.`,
      hint: 'Revisar comillas, corchetes y sangría, o quitar partes hasta encontrar la que falla.',
    })
    return null
  }
}

function readText(text: string, options: ParseOptions, reporter: Reporter): SageSchema | null {
  if (!checkCharacters(text, reporter) || !checkDepth(text, reporter)) return null
  // failsafe: every scalar stays the text that was written, so a field called 00123 or 2025-03-30 keeps its name.
  const document = parseDocument(text, {
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  })
  const broken = reportSyntax(document, text, reporter)
  if (broken === null) return readDocument(document, text, options, reporter)
  // What stands before the first syntax error was read as it was written: its mistakes are told too.
  const partial = new Reporter(new Lines(text))
  readDocument(document, text, {}, partial)
  for (const item of partial.finish()) {
    const { severity, code, path, message, hint, position } = item
    if (position.offset >= broken || ABSENCES.has(code)) continue
    const mistake = { code, path, range: [position.offset, position.endOffset] as const, message, hint }
    if (severity === 'error') reporter.error(mistake)
    else reporter.warning(mistake)
  }
  return null
}

/** Reports the parser's errors. The offset of the first that makes the rest unreliable, or null. */
function reportSyntax(document: Document.Parsed, text: string, reporter: Reporter): number | null {
  const lines = new Set<number>()
  const quotes = new Quotes(document)
  let broken: number | null = null
  const ordered = [...document.errors].sort((a: YAMLError, b: YAMLError) => a.pos[0] - b.pos[0])
  for (const error of ordered) {
    const mistake = syntaxMistake(error, text, quotes)
    if (!isMild(error)) broken = Math.min(broken ?? mistake.range[0], mistake.range[0])
    // One slip makes the parser complain several times on its line; the first complaint is the useful one.
    const line = reporter.lineOf(mistake.range)
    if (lines.has(line) && mistake.code !== 'YAML_ESCAPE') continue
    lines.add(line)
    reporter.error(mistake)
  }
  for (const warning of document.warnings) reporter.warning(syntaxMistake(warning, text, quotes))
  return broken
}

function readDocument(
  document: Document,
  text: string,
  options: ParseOptions,
  reporter: Reporter,
): SageSchema | null {
  const tree = new Tree(document, reporter)
  if (!tree.prepare()) return null
  const ctx: Context = { tree, reporter, homes: HOMES }
  const place = tree.root()
  if (isNothing(place)) {
    reporter.error({
      code: 'EMPTY_FILE',
      path: '',
      range: [0, 0],
      message: 'El archivo está vacío.',
      hint: 'Un SAGE YAML tiene tres secciones: sage_yaml, catalogs y packages.',
    })
    return null
  }
  const root = viewOf(
    ctx,
    { ...place, path: '' },
    [place.range[0], place.range[0]],
    `¿Es ${options.fileName ?? 'este archivo'} un SAGE YAML? Tiene tres secciones: sage_yaml, catalogs y packages.`,
  )
  if (root === null) return null
  root.warnUnknown(ROOT_KEYS)
  const info = readInfo(root)
  const known = readCatalogs(root)
  const read = readPackages(root, known)
  const schema: SageSchema = { ...info, catalogs: known.catalogs, packages: read.packages }
  if (options.checkRules !== undefined) {
    checkRules(text, [...known.pending, ...read.pending], schema, known, reporter, options.checkRules)
  }
  return schema
}

type Info = Pick<SageSchema, 'name' | 'description' | 'version' | 'author' | 'comments'>

function readInfo(root: MapView): Info {
  const hint = 'Lleva name, description, version y author.'
  const view = sectionOf(root, 'sage_yaml', hint)
  if (view === null) return { name: '', description: '', version: '', author: '', comments: '' }
  view.warnUnknown(INFO_KEYS)
  return {
    name: view.described('name', hint),
    description: view.described('description', hint),
    version: view.described('version', hint),
    author: view.described('author', hint),
    comments: view.optional('comments', 'Escribir un texto libre.') ?? '',
  }
}
