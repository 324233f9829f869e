import { Compiler } from './compiler'
import { baseFrame } from './plan/frames'
import { truth } from './plan/operators'
import { Renderer, type RenderOptions } from './plan/render'
import { type AggRef, isRowLocal, type Sql, SqlTooLarge } from './plan/sql'
import { restartUniverses, type Universe } from './plan/universe'
import {
  type Column,
  describeValue,
  type Frame,
  kindName,
  type Package,
  type Scalar,
  type Value,
} from './plan/values'
import { fail, RuleError, type Span } from './problem'
import { parseExpression } from './syntax/parse'
import type { CompiledRule, CompileResult, RuleContext } from './types'

interface Setup {
  compiler: Compiler
  bases: Map<Universe, Frame>
  context: RuleContext
}

/**
 * Compiles a rule (a pandas expression, SAGE_YAML.md) to SQL over the relations of `context.frames`. Nothing is evaluated:
 * what the language does not know is a problem with its place in the expression and the nearest thing that works.
 */
export function compileRule(expression: string, context: RuleContext): CompileResult {
  return guarded(expression, () => {
    const node = parseExpression(expression)
    const setup = prepare(context)
    const value = setup.compiler.evaluate(node)
    return { ok: true, rule: finish(setup, value, node) }
  })
}

export function guarded<T extends { ok: true }>(
  expression: string,
  run: () => T,
): T | { ok: false; problems: ReturnType<RuleError['toProblem']>[] } {
  try {
    return run()
  } catch (error) {
    const whole = { from: 0, to: expression.length }
    if (error instanceof RuleError) return { ok: false, problems: [error.toProblem(expression.length)] }
    // A pathological nesting: refused like any other expression that is too big.
    if (error instanceof RangeError || error instanceof SqlTooLarge) {
      return {
        ok: false,
        problems: [
          new RuleError('TOO_LONG', 'la expresión es demasiado grande', whole).toProblem(expression.length),
        ],
      }
    }
    throw error
  }
}

/** The frames of a rule as the names it may use. */
export function prepare(context: RuleContext): Setup {
  restartUniverses()
  const frames = new Map<string, Frame>()
  const bases = new Map<Universe, Frame>()
  for (const spec of context.frames) {
    const frame = baseFrame(spec)
    frames.set(spec.catalog, frame)
    bases.set(frame.universe, frame)
  }
  const only = [...frames.values()][0]
  const pack: Package = { t: 'package', frames }
  const df: Value = context.level === 'package' || !only ? pack : only
  const globals = new Map<string, Value>([
    ['df', df],
    ['np', { t: 'module', name: 'np' }],
    ['numpy', { t: 'module', name: 'np' }],
    ['pd', { t: 'module', name: 'pd' }],
    ['pandas', { t: 'module', name: 'pd' }],
    ['re', { t: 'module', name: 're' }],
  ])
  return { compiler: new Compiler(context.now ?? new Date(), globals), bases, context }
}

function finish(setup: Setup, value: Value, node: Span): CompiledRule {
  if (value.t === 'scalar') return finishValue(setup, value, node)
  if (value.t === 'column') return finishRows(setup, value, node)
  const hint =
    value.t === 'frame'
      ? 'termina con `.all(axis=1)` o `.any(axis=1)`'
      : value.t === 'vector'
        ? 'termina con `.all()` o `.any()`'
        : 'comparar el resultado con algo: `==`, `>`, `.isin(...)`'
  return fail('RESULT', `la regla da ${describeValue(value)}, y debe dar verdadero o falso`, node, hint)
}

function requireBool(value: Scalar | Column, node: Span): void {
  if (value.kind === 'bool') return
  fail(
    'RESULT',
    `la regla da ${kindName(value.kind)}, y debe dar verdadero o falso`,
    node,
    'comparar el resultado con algo: `==`, `>`, `.isin(...)`',
  )
}

/** The columns read of a catalog, as their positions. */
function positions(setup: Setup, universe: Universe): number[] {
  const names = setup.compiler.reads.get(universe) ?? new Set<string>()
  return [...names]
    .filter((name) => /^c\d+$/.test(name))
    .map((name) => Number(name.slice(1)))
    .sort((a, b) => a - b)
}

function reads(setup: Setup): CompiledRule['reads'] {
  return [...setup.bases].flatMap(([universe, frame]) =>
    positions(setup, universe).map((column) => ({ catalog: frame.catalog ?? '', column })),
  )
}

/** `bN` of the columns read: the records that are not judged. */
const taintOf = (setup: Setup, universe: Universe): string[] =>
  positions(setup, universe).map((at) => `b${at}`)

/** Of a field rule, the column whose nulls it does not see. */
function fieldColumn(setup: Setup, universe: Universe): string | null {
  const { level, field } = setup.context
  if (level !== 'field' || field === undefined) return null
  const at = universe.spec?.columns.findIndex((column) => column.name === field) ?? -1
  return at < 0 ? null : `c${at}`
}

function options(setup: Setup, excludeTainted: boolean): RenderOptions {
  return {
    relation: (universe) => universe.spec?.relation ?? '',
    baseColumns: (universe) => positions(setup, universe).flatMap((at) => [`c${at}`, `b${at}`]),
    baseWhere: (universe) => {
      const field = fieldColumn(setup, universe)
      const conditions = field === null ? [] : [`${field} IS NOT NULL`]
      if (excludeTainted) conditions.push(...taintOf(setup, universe).map((name) => `NOT ${name}`))
      return conditions.length === 0 ? null : conditions.join(' AND ')
    },
  }
}

function finishValue(setup: Setup, value: Scalar, node: Span): CompiledRule {
  requireBool(value, node)
  const shared = { shape: 'value' as const, reads: reads(setup) }
  const settings = options(setup, true)
  const truthy = truth(value, node)
  const scanned = scannable(truthy)
  if (scanned !== null && (scanned !== 'none' || setup.bases.size === 1)) {
    const universe = scanned === 'none' ? [...setup.bases.keys()][0] : scanned
    const catalog = universe ? (setup.bases.get(universe)?.catalog ?? null) : null
    return { ...shared, catalog, stage: 'scan', sql: new Renderer(settings, 'scan').text(truthy) }
  }
  const renderer = new Renderer(settings, 'query')
  const select = `SELECT coalesce(${renderer.text(truthy)}, FALSE) AS ok`
  return { ...shared, catalog: catalogOf(setup, truthy), stage: 'frame', sql: renderer.statement(select) }
}

/** The one catalog whose shared scan can work this out; `none` when it needs no data at all; null when it can't. */
function scannable(piece: Sql): Universe | 'none' | null {
  const universes = new Set<Universe>()
  for (const part of piece.parts) {
    if (typeof part === 'string') continue
    if (part.tag !== 'agg' || !plainAggregate(part)) return null
    universes.add(part.universe)
  }
  if (universes.size > 1) return null
  return [...universes][0] ?? 'none'
}

const plainAggregate = (part: AggRef): boolean =>
  part.universe.spec !== null && isRowLocal(part.call) && (part.filter === null || isRowLocal(part.filter))

function catalogOf(setup: Setup, piece: Sql): string | null {
  for (const part of piece.parts) {
    if (typeof part === 'string') continue
    const base = part.universe.recordsOf ?? part.universe.origin?.universe ?? part.universe
    const frame = setup.bases.get(base)
    if (frame) return frame.catalog
  }
  return setup.bases.size === 1 ? ([...setup.bases.values()][0]?.catalog ?? null) : null
}

function finishRows(setup: Setup, column: Column, node: Span): CompiledRule {
  requireBool(column, node)
  const universe = column.universe
  const base = universe.recordsOf ?? rootOf(universe)
  const frame = base ? setup.bases.get(base) : undefined
  if (!base || !frame)
    return fail(
      'RESULT',
      'la regla da una lista de valores que no corresponde a registros',
      node,
      'termina con `.all()` o `.any()`',
    )
  const shared = { shape: 'rows' as const, catalog: frame.catalog, reads: reads(setup) }
  const settings = options(setup, false)
  if (universe === base && isRowLocal(column.sql) && (column.filter === null || isRowLocal(column.filter))) {
    return { ...shared, stage: 'scan', sql: scanRows(setup, column, base) }
  }
  const renderer = new Renderer(settings, 'query')
  const failing = `(${renderer.text(column.sql)}) IS NOT TRUE`
  const where = column.filter ? `(${renderer.text(column.filter)}) AND ${failing}` : failing
  if (universe === base) {
    const clean = taintOf(setup, base).map((name) => ` AND NOT ${base.alias}.${name}`)
    return {
      ...shared,
      stage: 'frame',
      sql: renderer.statement(
        `SELECT ${base.alias}._rec AS _rec FROM ${renderer.from(base)} WHERE ${where}${clean.join('')}`,
      ),
    }
  }
  const records = universe.recordsOf
    ? `SELECT DISTINCT ${universe.alias}._rec AS _rec FROM ${renderer.from(universe)} WHERE ${where}`
    : fromGroups(renderer, column, where)
  const clean = ['_rec IS NOT NULL', ...untainted(setup, base)]
  return {
    ...shared,
    stage: 'frame',
    sql: renderer.statement(`SELECT _rec FROM (${records}) AS _f WHERE ${clean.join(' AND ')}`),
  }
}

function untainted(setup: Setup, base: Universe): string[] {
  const names = taintOf(setup, base)
  return names.length === 0
    ? []
    : [`_rec NOT IN (SELECT _rec FROM ${base.spec?.relation ?? ''} WHERE ${names.join(' OR ')})`]
}

/** The catalog behind groups of groups. */
function rootOf(universe: Universe): Universe | null {
  const origin = universe.origin?.universe
  if (!origin) return null
  return origin.recordsOf ?? rootOf(origin)
}

/** The records of the groups that fail. */
function fromGroups(renderer: Renderer, column: Column, where: string): string {
  const universe = column.universe
  const origin = universe.origin
  if (!origin) return `SELECT NULL AS _rec FROM ${renderer.from(universe)} WHERE FALSE`
  const keys = origin.keys.map((key) => renderer.text(key.from))
  const names = origin.keys.map((key) => `${universe.alias}.${key.column}`)
  const failing = `SELECT ${names.join(', ')} FROM ${renderer.from(universe)} WHERE ${where}`
  const inside = `(${keys.join(', ')}) IN (${failing})`
  const live = origin.filter ? `(${renderer.text(origin.filter)}) AND ${inside}` : inside
  const source = origin.universe
  if (source.recordsOf)
    return `SELECT ${source.alias}._rec AS _rec FROM ${renderer.from(source)} WHERE ${live}`
  // Groups of groups: the failing inner groups answer for their records in turn.
  return fromGroups(renderer, { ...column, universe: source }, live)
}

function scanRows(setup: Setup, column: Column, base: Universe): string {
  const renderer = new Renderer(options(setup, false), 'scan')
  const text = renderer.text(column.sql)
  const passes = column.nulls === 'none' ? `(${text})` : `coalesce(${text}, FALSE)`
  const exempt: string[] = []
  const field = fieldColumn(setup, base)
  if (field !== null) exempt.push(`${field} IS NULL`)
  if (column.filter) exempt.push(`(${renderer.text(column.filter)}) IS NOT TRUE`)
  exempt.push(...taintOf(setup, base))
  return exempt.length === 0 ? passes : `(${[passes, ...exempt].join(' OR ')})`
}
